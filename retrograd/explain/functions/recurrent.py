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
    "gru_cell": Function(gru_cell),
    "gru_cell_vjp": Function(gru_cell_vjp),
    "gru_update": Function(gru_update),
    "packed": Function(packed),
    "packed_rows_vjp": Function(packed_rows_vjp),
}
