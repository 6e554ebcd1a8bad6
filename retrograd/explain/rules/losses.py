"""Losses. ``reduced`` is the mean, the sum or nothing; ``share`` what one loss weighs in it."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Rule, Structure, rule

_BCE_NOTE: Final = "bce-log-clamped"

_NLL: Final = "target, weight, reduction, ignore_index, total_weight"


def _nll_backward(op: str) -> Rule:
    """Return the rule of the backward op: linear in the gradient, whatever the scores."""
    return rule(
        op,
        f"nll_vjp(grad_output, self, {_NLL})",
        {"grad_output": f"nll_pick(G, {_NLL})", "self": "zeros(self)"},
        {"grad_output": Structure.BLOCK_DIAGONAL, "self": Structure.ZERO},
    )


RULES: Final = (
    _nll_backward("nll_loss_backward"),
    _nll_backward("nll_loss2d_backward"),
    rule(
        "mse_loss_backward",
        "2 * (self - target) * grad_output * share(self - target, reduction)",
        {
            "grad_output": "2 * (self - target) * G * share(self - target, reduction)",
            "self": "2 * G * grad_output * share(self - target, reduction)",
            "target": "-2 * G * grad_output * share(self - target, reduction)",
        },
        Structure.DIAGONAL,
        "calculus",
    ),
    rule(
        "mse_loss",
        "reduced((self - target) ** 2, reduction)",
        {
            "self": "2 * (self - target) * G * share(self - target, reduction)",
            "target": "2 * (target - self) * G * share(self - target, reduction)",
        },
        Structure.DIAGONAL,
        "calculus",
    ),
    rule(
        "huber_loss",
        "reduced(huber(self - target, delta), reduction)",
        {
            "self": "huber_slope(self - target, delta) * G * share(self - target, reduction)",
            "target": "-huber_slope(self - target, delta) * G * share(self - target, reduction)",
        },
        Structure.DIAGONAL,
        "calculus",
    ),
    rule(
        "smooth_l1_loss",
        "reduced(smooth_l1(self - target, beta), reduction)",
        {
            "self": "smooth_l1_slope(self - target, beta) * G * share(self - target, reduction)",
            "target": "-smooth_l1_slope(self - target, beta) * G * share(self - target, reduction)",
        },
        Structure.DIAGONAL,
        "calculus",
    ),
    rule(
        "binary_cross_entropy",
        "reduced(-given(weight, 1) * (target * clamped_log(self)"
        " + (1 - target) * clamped_log(1 - self)), reduction)",
        {
            "self": "given(weight, 1) * (self - target) / at_least(self * (1 - self), 1e-12)"
            " * G * share(self, reduction)",
            "target": "given(weight, 1) * log((1 - self) / self) * G * share(self, reduction)",
        },
        Structure.DIAGONAL,
        notes=(_BCE_NOTE,),
    ),
    rule(
        "binary_cross_entropy_with_logits",
        "reduced(given(weight, 1) * ((1 - target) * self"
        " + (softplus(-self) if pos_weight is None"
        " else (1 + (pos_weight - 1) * target) * softplus(-self))), reduction)",
        {
            "self": "given(weight, 1) * (logistic(self) - target if pos_weight is None"
            " else (1 + (pos_weight - 1) * target) * logistic(self) - pos_weight * target)"
            " * G * share(self, reduction)",
            "target": "given(weight, 1) * (-self if pos_weight is None"
            " else (pos_weight - 1) * softplus(-self) - self) * G * share(self, reduction)",
        },
        Structure.DIAGONAL,
        "calculus",
    ),
    rule(
        "nll_loss_forward",
        "nll(self, target, weight, reduction, ignore_index)",
        {"self": "nll_vjp(G, self, target, weight, reduction, ignore_index, y1)"},
        Structure.BLOCK_DIAGONAL,
    ),
    rule(
        "nll_loss2d_forward",
        "nll(self, target, weight, reduction, ignore_index)",
        {"self": "nll_vjp(G, self, target, weight, reduction, ignore_index, y1)"},
        Structure.BLOCK_DIAGONAL,
    ),
    rule(
        "soft_margin_loss",
        "reduced(log1p(exp(-target * self)), reduction)",
        {
            "self": "-target * (exp(-target * self) / (1 + exp(-target * self))) * G"
            " * share(self, reduction)"
        },
        Structure.DIAGONAL,
        notes=("soft-margin-overflow",),
    ),
    rule(
        "multi_margin_loss",
        "reduced(multi_margin(self, target, p, margin, weight), reduction)",
        {
            "self": "multi_margin_slope(self, target, p, margin, weight)"
            " * per_sample(G, self) * share(target, reduction)"
        },
        Structure.BLOCK_DIAGONAL,
    ),
    rule(
        "multilabel_margin_loss_forward",
        "(reduced(multilabel_margin(self, target), reduction), target_labels(target))",
        {
            "self": "multilabel_margin_slope(self, target)"
            " * per_sample(G, self) * share(multilabel_margin(self, target), reduction)"
        },
        Structure.BLOCK_DIAGONAL,
    ),
    rule(
        "_ctc_loss",
        "(ctc_loss(log_probs, targets, input_lengths, target_lengths, blank), y1)",
        {
            "log_probs": "ctc_vjp(G, log_probs, targets, input_lengths, target_lengths, blank,"
            " zero_infinity)"
        },
        Structure.BLOCK_DIAGONAL,
        "Graves et al., Connectionist Temporal Classification, 2006, equation 16",
        notes=("ctc-softmax-included",),
        smooth=False,
    ),
)
