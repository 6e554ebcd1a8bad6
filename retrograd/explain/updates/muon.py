"""Muon: momentum, made orthogonal by Newton-Schulz iterations."""

from __future__ import annotations

from math import sqrt

from retrograd.explain.updates.recipe import Options, Recipe, decayed


def muon(options: Options, has: frozenset[str]) -> Recipe:
    """Return the recipe of ``torch.optim.Muon``.

    PyTorch iterates in bfloat16: about three digits, and rounded after each product. The
    iteration enlarges small singular values, so the check allows what these roundings may come to.
    """
    recipe = Recipe()
    recipe.coarse = True
    rows, columns = options["shape"]
    tall = rows > columns
    recipe.let("b_new", "momentum_buffer + (1 - momentum) * (g - momentum_buffer)")
    recipe.keep("momentum_buffer", "b_new")
    u = recipe.let("u", "g + momentum * (b_new - g)") if options.get("nesterov") else "b_new"
    x = recipe.let("X_0", f"bfloat16(T({u}))" if tall else f"bfloat16({u})")
    x = recipe.let("X_0", f"bfloat16({x} / maximum(bfloat16(frobenius({x})), eps))")
    for number in range(1, int(options["ns_steps"]) + 1):
        a = recipe.let(f"A_{number}", f"bfloat16({x} @ T({x}))")
        b = recipe.let(f"B_{number}", f"bfloat16(ns_b * {a} + ns_c * ({a} @ {a}))")
        x = recipe.let(f"X_{number}", f"bfloat16(ns_a * {x} + {b} @ {x})")
    step = recipe.let("delta", f"T({x})" if tall else x)
    recipe.let("lr_t", f"lr * {_scale(options.get('adjust_lr_fn'), rows, columns)}")
    recipe.update(f"{decayed(recipe, options)} - lr_t * {step}")
    return recipe


def _scale(kind: object, rows: int, columns: int) -> float:
    """Return what PyTorch multiplies the learning rate by, for the parameter's shape."""
    if kind in (None, "original"):
        return sqrt(max(1, rows / columns))
    return 0.2 * sqrt(max(rows, columns)) if kind == "match_rms_adamw" else 1.0
