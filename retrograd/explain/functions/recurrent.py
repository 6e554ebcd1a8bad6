"""Recurrent cells, and sequences of different lengths packed behind each other."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from retrograd.explain.functions.function import Function
from retrograd.explain.functions.losses import logistic
from retrograd.store.elements import Array


def _or_zero(bias: Any) -> Any:
    return 0.0 if bias is None else bias


def lstm_gates(inputs: Array, hidden: Array, input_bias: Any, hidden_bias: Any) -> list[Array]:
    """Return the input, forget, cell and output gates."""
    total = inputs + hidden + _or_zero(input_bias) + _or_zero(hidden_bias)
    i, f, g, o = np.split(total, 4, axis=-1)
    return [logistic(i), logistic(f), np.tanh(g), logistic(o)]


def lstm_cell(
    inputs: Array, hidden: Array, cell: Array, input_bias: Any, hidden_bias: Any
) -> tuple[Array, Array, Array]:
    """Return the new hidden state, the new cell state, and the gates."""
    i, f, g, o = lstm_gates(inputs, hidden, input_bias, hidden_bias)
    after = f * cell + i * g
    return o * np.tanh(after), after, np.concatenate([i, f, g, o], axis=-1)


def lstm_cell_gates_vjp(
    by_hidden: Array,
    by_cell: Array,
    inputs: Array,
    hidden: Array,
    cell: Array,
    input_bias: Any,
    hidden_bias: Any,
) -> Array:
    """Return the gradient of the four gates before their activations."""
    i, f, g, o = lstm_gates(inputs, hidden, input_bias, hidden_bias)
    squashed = np.tanh(f * cell + i * g)
    inner = by_cell + by_hidden * o * (1 - squashed**2)
    parts = [
        inner * g * i * (1 - i),
        inner * cell * f * (1 - f),
        inner * i * (1 - g**2),
        by_hidden * squashed * o * (1 - o),
    ]
    return np.concatenate(parts, axis=-1)


def lstm_cell_state_vjp(
    by_hidden: Array,
    by_cell: Array,
    inputs: Array,
    hidden: Array,
    cell: Array,
    input_bias: Any,
    hidden_bias: Any,
) -> Array:
    """Return the gradient of the old cell state."""
    i, f, g, o = lstm_gates(inputs, hidden, input_bias, hidden_bias)
    squashed = np.tanh(f * cell + i * g)
    return np.asarray((by_cell + by_hidden * o * (1 - squashed**2)) * f)


def _times(inputs: Array, reverse: bool) -> range:
    return range(len(inputs) - 1, -1, -1) if reverse else range(len(inputs))


def _lstm_states(
    inputs: Array,
    weights: tuple[Array, Array, Array, Array],
    hidden: Array,
    cell: Array,
    biases: bool,
    reverse: bool,
) -> list[tuple[Array, Array]]:
    """Return the hidden and the cell state before the first and after each time."""
    by_input, by_hidden, input_bias, hidden_bias = weights
    if not biases:
        input_bias = hidden_bias = np.zeros(len(by_hidden))
    width = by_hidden.shape[-1]
    states = [(hidden.reshape(-1, width), cell.reshape(-1, width))]
    for time in _times(inputs, reverse):
        before, kept = states[-1]
        parts = inputs[time] @ by_input.T, before @ by_hidden.T
        states.append(lstm_cell(*parts, kept, input_bias, hidden_bias)[:2])
    return states


def lstm_layer(
    inputs: Array,
    by_input: Array,
    by_hidden: Array,
    input_bias: Array,
    hidden_bias: Array,
    hidden: Array,
    cell: Array,
    biases: bool,
    reverse: bool,
) -> tuple[Array, Array, Array, None]:
    """Return the hidden state at each time, the last hidden and cell state, and no workspace."""
    weights = by_input, by_hidden, input_bias, hidden_bias
    states = _lstm_states(inputs, weights, hidden, cell, biases, reverse)
    after = [state for state, _ in states[1:]]
    output = np.stack(after[::-1] if reverse else after)
    last, kept = states[-1]
    return output, last.reshape(hidden.shape), kept.reshape(cell.shape), None


def lstm_layer_vjp(
    which: int,
    by_output: Array,
    by_last: Array,
    by_cell: Array,
    inputs: Array,
    by_input: Array,
    by_hidden: Array,
    input_bias: Array,
    hidden_bias: Array,
    hidden: Array,
    cell: Array,
    biases: bool,
    reverse: bool,
) -> Array:
    """Return the gradient of one argument, numbered as they stand: backpropagation through time.

    Werbos, Backpropagation Through Time: What It Does and How to Do It, 1990.
    """
    weights = by_input, by_hidden, input_bias, hidden_bias
    states = _lstm_states(inputs, weights, hidden, cell, biases, reverse)
    if not biases:
        input_bias = hidden_bias = np.zeros(len(by_hidden))
    width = by_hidden.shape[-1]
    state, kept = by_last.reshape(-1, width), by_cell.reshape(-1, width)
    found = np.zeros(inputs.shape)
    sums = [np.zeros(each.shape) for each in (by_input, by_hidden, by_hidden[:, 0])]
    for step, time in reversed(list(enumerate(_times(inputs, reverse)))):
        before, old = states[step]
        parts = inputs[time] @ by_input.T, before @ by_hidden.T, old, input_bias, hidden_bias
        state = state + by_output[time]
        gates = lstm_cell_gates_vjp(state, kept, *parts)
        kept = lstm_cell_state_vjp(state, kept, *parts)
        state = gates @ by_hidden
        found[time] = gates @ by_input
        for total, part in zip(sums, (inputs[time], before, None), strict=True):
            total += gates.sum(axis=0) if part is None else gates.T @ part
    ends = state.reshape(hidden.shape), kept.reshape(cell.shape)
    return (found, sums[0], sums[1], sums[2], sums[2], *ends)[which]


def _gru(inputs: Array, hidden: Array, input_bias: Any, hidden_bias: Any) -> list[Array]:
    """Return reset gate, update gate, candidate, and the hidden part of the candidate."""
    ir, iz, ig = np.split(inputs + _or_zero(input_bias), 3, axis=-1)
    hr, hz, hg = np.split(hidden + _or_zero(hidden_bias), 3, axis=-1)
    reset, update = logistic(ir + hr), logistic(iz + hz)
    return [reset, update, np.tanh(ig + reset * hg), hg]


def gru_cell(
    inputs: Array, hidden: Array, state: Array, input_bias: Any, hidden_bias: Any
) -> tuple[Array, Array]:
    """Return the new state, and what the backward pass keeps."""
    reset, update, new, part = _gru(inputs, hidden, input_bias, hidden_bias)
    kept = np.concatenate([reset, update, new, state, part], axis=-1)
    return np.asarray((1 - update) * new + update * state), kept


def gru_cell_vjp(
    gradient: Array,
    from_hidden: bool,
    inputs: Array,
    hidden: Array,
    state: Array,
    input_bias: Any,
    hidden_bias: Any,
) -> Array:
    """Return the gradient of the input's or of the state's part of the gates."""
    reset, update, new, part = _gru(inputs, hidden, input_bias, hidden_bias)
    by_new = gradient * (1 - update) * (1 - new**2)
    by_reset = by_new * part * reset * (1 - reset)
    by_update = gradient * (state - new) * update * (1 - update)
    last = by_new * reset if from_hidden else by_new
    return np.concatenate([by_reset, by_update, last], axis=-1)


def gru_update(inputs: Array, hidden: Array, input_bias: Any, hidden_bias: Any) -> Array:
    """Return the update gate: how much of the old state stays."""
    return _gru(inputs, hidden, input_bias, hidden_bias)[1]


def _places(lengths: Array) -> tuple[Array, Array, Array]:
    """Return time and sample of each packed row, and how many samples each time has."""
    counts = (np.arange(int(lengths.max()))[:, None] < lengths[None, :]).sum(axis=1)
    times = np.repeat(np.arange(len(counts)), counts)
    samples = np.concatenate([np.arange(count) for count in counts])
    return times, samples, counts


def packed(padded: Array, lengths: Array, batch_first: bool) -> tuple[Array, Array]:
    """Return the rows of all sequences time by time, and how many each time has."""
    times, samples, counts = _places(lengths)
    return (padded[samples, times] if batch_first else padded[times, samples]), counts


def packed_rows_vjp(gradient: Array, like: Array, lengths: Array, batch_first: bool) -> Array:
    """Return packed rows put back to their places, zeros where sequences had ended."""
    times, samples, _ = _places(lengths)
    result = np.zeros(like.shape)
    result[(samples, times) if batch_first else (times, samples)] = gradient
    return result


FUNCTIONS: Final[dict[str, Function]] = {
    "lstm_cell": Function(lstm_cell),
    "lstm_cell_gates_vjp": Function(lstm_cell_gates_vjp),
    "lstm_cell_state_vjp": Function(lstm_cell_state_vjp),
    "lstm_layer": Function(lstm_layer),
    "lstm_layer_vjp": Function(lstm_layer_vjp),
    "gru_cell": Function(gru_cell),
    "gru_cell_vjp": Function(gru_cell_vjp),
    "gru_update": Function(gru_update),
    "packed": Function(packed),
    "packed_rows_vjp": Function(packed_rows_vjp),
}
