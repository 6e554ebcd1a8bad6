"""The three gradients of a normalisation, differentiated once more.

With D = grad_out · weight and x̂ the normalised input, the gradient of the input is P(D) · scale,
where P takes out of D what would change mean or deviation: P(D) = D − mean(D) − x̂ · mean(D · x̂).
P is symmetric, so a gradient goes back through P too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from retrograd.explain.rule import Rule, Structure, rule
from retrograd.explain.rules.double_backward import where_given


class Form(NamedTuple):
    """How a normalisation writes its parts: templates over one text, and two texts."""

    mean: str
    total: str  # summed to the shape of the weight
    spread: str  # one number per channel, as it broadcasts over the input
    hat: str  # the normalised input
    scale: str  # 1 / deviation


def _trained(form: Form) -> tuple[dict[str, str], list[str]]:
    """Return the VJPs and the outputs where mean and deviation are those of the input."""
    hat, scale, mean = form.hat, form.scale, form.mean.format

    def through(text: str) -> str:
        return f"({text} - {mean(text)} - {hat} * {mean(f'{text} * {hat}')})"

    sent = f"(grad_out * {form.spread.format('given(weight, 1)')})"
    from_weight = where_given("G1", f"{form.spread.format('G1')} * grad_out")
    from_input = where_given(
        "G", f"{scale} * (G * {mean(f'{sent} * {hat}')} + {sent} * {mean(f'G * {hat}')})"
    )
    from_scale = where_given("G", f"{hat} * {scale} ** 2 * {mean(f'G * {through(sent)}')}")
    vjps = {
        "grad_out": _linear(form, f"{scale} * {through('G')}", hat),
        "input": f"{scale} * {through(f'({from_weight} - {from_input})')} - {from_scale}",
        "weight": where_given("G", form.total.format(f"{scale} * grad_out * {through('G')}")),
    }
    total = form.total.format
    return vjps, [f"{scale} * {through(sent)}", total(f"grad_out * {hat}"), total("grad_out")]


def _fixed(form: Form) -> tuple[dict[str, str], list[str]]:
    """Return the same where mean and deviation are constants."""
    hat, scale, total = form.hat, form.scale, form.total.format
    vjps = {
        "grad_out": _linear(form, f"{scale} * G", hat),
        "input": where_given("G1", f"{form.spread.format('G1')} * grad_out * {scale}"),
        "weight": where_given("G", total(f"{scale} * grad_out * G")),
    }
    sent = f"{scale} * grad_out * {form.spread.format('given(weight, 1)')}"
    return vjps, [sent, total(f"grad_out * {hat}"), total("grad_out")]


def _linear(form: Form, through: str, hat: str) -> str:
    """Return the VJP of the gradient itself, in which all three outputs are linear."""
    spread: Callable[[str], str] = form.spread.format
    return " + ".join(
        [
            where_given("G", f"{spread('given(weight, 1)')} * {through}"),
            where_given("G1", f"{spread('G1')} * {hat}"),
            where_given("G2", spread("G2")),
        ]
    )


def _rule(op: str, order: tuple[str, ...], vjps: dict[str, str], outputs: list[str]) -> Rule:
    return rule(
        op,
        f"({', '.join(outputs)})",
        {name: vjps.get(name, f"zeros({name})") for name in order},
        Structure.BLOCK_DIAGONAL,
        "calculus",
    )


_LAYER: Final = _trained(
    Form(
        "inner_mean({0}, normalized_shape)",
        "outer_sum({0}, normalized_shape)",
        "{0}",
        "((input - mean) * rstd)",
        "rstd",
    )
)
_BATCH: Final = ("channel_mean({0})", "channel_sum({0})", "along({0}, input)")
_TRAINED: Final = _trained(
    Form(
        *_BATCH,
        "((input - along(save_mean, input)) * along(save_invstd, input))",
        "along(save_invstd, input)",
    )
)
_FIXED: Final = _fixed(
    Form(
        *_BATCH,
        "((input - along(running_mean, input)) / sqrt(along(running_var, input) + eps))",
        "(1 / sqrt(along(running_var, input) + eps))",
    )
)

RULES: Final = (
    _rule(
        "native_layer_norm_backward",
        ("grad_out", "input", "mean", "rstd", "weight", "bias"),
        *_LAYER,
    ),
    _rule(
        "native_batch_norm_backward",
        ("grad_out", "input", "weight", "save_mean", "save_invstd"),
        {name: f"({text}) if train else ({_FIXED[0][name]})" for name, text in _TRAINED[0].items()},
        [f"({a}) if train else ({b})" for a, b in zip(_TRAINED[1], _FIXED[1], strict=True)],
    ),
)
