"""Complex numbers: PyTorch's gradient of a real loss is ∂L/∂Re + i ∂L/∂Im."""

from __future__ import annotations

from typing import Final

from retrograd.explain.rule import Rule, Structure, rule

_CALCULUS: Final = "Kreutz-Delgado, The Complex Gradient Operator and the CR-Calculus, 2009"


def _one(op: str, formula: str, vjp: str) -> Rule:
    return rule(op, formula, {"self": vjp}, Structure.DIAGONAL, _CALCULUS)


RULES: Final = (
    _one("view_as_real", "view_as_real(self)", "view_as_complex(G)"),
    _one("view_as_complex", "view_as_complex(self)", "view_as_real(G)"),
    _one("_conj", "conj(self)", "conj(G)"),
    _one("_conj_physical", "conj(self)", "conj(G)"),
    _one("conj_physical", "conj(self)", "conj(G)"),
    _one("resolve_conj", "self", "G"),
    _one("resolve_neg", "self", "G"),
    _one("_neg_view", "-self", "-G"),
    _one("sgn", "sgn(self)", "sgn_vjp(G, self)"),
    _one("angle", "angle(self)", "angle_vjp(G, self)"),
    rule(
        "complex",
        "real + 1j * imag",
        {"real": "real(G)", "imag": "imag(G)"},
        Structure.DIAGONAL,
        _CALCULUS,
    ),
    rule(
        "polar",
        "abs * exp(1j * angle)",
        {"abs": "real(conj(G) * sgn(y))", "angle": "real(conj(G) * 1j * y)"},
        Structure.DIAGONAL,
        _CALCULUS,
    ),
)
