"""Attention and embeddings."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Rule, Structure, rule

_VASWANI: Final = "Vaswani et al., Attention Is All You Need, 2017, equation 1"


def _attention(op: str, mask: str, scores: str = "uncolumn(log_total({scores}, -1))") -> Rule:
    """Return the rule of a fused attention without dropout.

    Several heads of queries may share one of keys and values: it counts for each of them.
    """
    how = f"query, key, is_causal, {mask}, scale"
    weights = f"attention_weights({how})"
    passed = "G @ T(shared_heads(value, query))"
    slope = f"({weights} * ({passed} - sum_along({passed} * {weights}, -1)))"
    factor = "attention_scale(query, scale)"
    logs = scores.format(scores=f"attention_scores({how})")
    return rule(
        op,
        f"({weights} @ shared_heads(value, query), {logs})",
        {
            "query": f"{slope} @ shared_heads(key, query) * {factor}",
            "key": f"summed_heads(T({slope}) @ query * {factor}, key)",
            "value": f"summed_heads(T({weights}) @ G, value)",
        },
        Structure.BLOCK_DIAGONAL,
        _VASWANI,
    )


_BAG: Final = "include_last_offset, padding_idx"

RULES: Final = (
    _attention("_scaled_dot_product_flash_attention_for_cpu", "attn_mask"),
    rule(
        "embedding",
        "lookup(weight, indices)",
        {
            "weight": "lookup_vjp(G, indices, length(weight), padding_idx, scale_grad_by_freq)",
        },
        Structure.PERMUTATION,
    ),
    rule(
        "_embedding_bag",
        f"(embedding_bag(weight, indices, offsets, mode, per_sample_weights, {_BAG}), y1, y2, y3)",
        {
            "weight": "embedding_bag_weight(G, weight, indices, offsets, scale_grad_by_freq, mode,"
            f" per_sample_weights, {_BAG}, y3)",
            "per_sample_weights": f"embedding_bag_factors(G, weight, indices, offsets, {_BAG})",
        },
        Structure.BLOCK_DIAGONAL,  # a block for each column of the table
        notes=("max-first-of-ties",),
    ),
)
