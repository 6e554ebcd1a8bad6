"""Random ops: nothing flows back through a draw, and through dropout what it kept."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Rule, Structure, rule


def _draw(op: str, *arguments: str) -> Rule:
    """Return the rule of an op that draws numbers: its result is what was drawn."""
    return rule(
        op, "y", {name: f"zeros({name})" for name in arguments}, Structure.ZERO, smooth=False
    )


_NOISE: Final = "leak(self, y, lower, upper, training)"

RULES: Final = (
    _draw("bernoulli", "self"),
    _draw("multinomial"),
    _draw("normal", "mean", "std"),
    _draw("poisson", "self"),
    rule(
        "native_dropout",
        "(input * y1 * dropout_scale(p, train), y1)",
        {"input": "G * y1 * dropout_scale(p, train)"},
        Structure.DIAGONAL,
        "Srivastava et al., Dropout, 2014",
        smooth=False,
    ),
    rule(
        "rrelu_with_noise",
        f"self * {_NOISE}",
        {"self": f"G * {_NOISE}"},
        Structure.DIAGONAL,
        "Xu et al., Empirical Evaluation of Rectified Activations, 2015",
        smooth=False,
    ),
    rule(
        "native_dropout_backward",
        "grad_output * mask * scale",
        {"grad_output": "G * mask * scale", "mask": "G * grad_output * scale"},
        Structure.DIAGONAL,
        "calculus",
    ),
)
