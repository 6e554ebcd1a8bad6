"""Recurrent cells that PyTorch computes in one op, and packed sequences."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Structure, rule

_LSTM: Final = "input_gates, hidden_gates, cx, input_bias, hidden_bias"
_LSTM_GATES: Final = f"lstm_cell_gates_vjp(G, G1, {_LSTM})"
_LAYER: Final = ("input", "weight0", "weight1", "weight2", "weight3", "hx_", "cx_")
_STATES: Final = f"{', '.join(_LAYER)}, has_biases, reverse"
_GRU: Final = "input_gates, hidden_gates, hx, input_bias, hidden_bias"
_GRU_INPUT: Final = f"gru_cell_vjp(G, 0, {_GRU})"
_GRU_HIDDEN: Final = f"gru_cell_vjp(G, 1, {_GRU})"

RULES: Final = (
    rule(
        "_thnn_fused_lstm_cell",
        f"lstm_cell({_LSTM})",
        {
            "input_gates": _LSTM_GATES,
            "hidden_gates": _LSTM_GATES,
            "cx": f"lstm_cell_state_vjp(G, G1, {_LSTM})",
            "input_bias": _LSTM_GATES,
            "hidden_bias": _LSTM_GATES,
        },
        Structure.BLOCK_DIAGONAL,
        "Hochreiter & Schmidhuber, Long Short-Term Memory, 1997",
    ),
    rule(  # oneDNN's, of which PyTorch uses the LSTM only
        "mkldnn_rnn_layer",
        f"lstm_layer({_STATES})",
        {
            name: f"lstm_layer_vjp({which}, G, G1, G2, {_STATES})"
            for which, name in enumerate(_LAYER)
        },
        Structure.DENSE,
        "Hochreiter & Schmidhuber, Long Short-Term Memory, 1997",
    ),
    rule(
        "_thnn_fused_gru_cell",
        f"gru_cell({_GRU})",
        {
            "input_gates": _GRU_INPUT,
            "hidden_gates": _GRU_HIDDEN,
            "hx": "G * gru_update(input_gates, hidden_gates, input_bias, hidden_bias)",
            "input_bias": _GRU_INPUT,
            "hidden_bias": _GRU_HIDDEN,
        },
        Structure.BLOCK_DIAGONAL,
        "Cho et al., Learning Phrase Representations using RNN Encoder–Decoder, 2014",
    ),
    rule(
        "_pack_padded_sequence",
        "packed(input, lengths, batch_first)",
        {"input": "packed_rows_vjp(G, input, lengths, batch_first)"},
        Structure.PERMUTATION,
    ),
)
