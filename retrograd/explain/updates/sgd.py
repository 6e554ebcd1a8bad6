"""Stochastic gradient descent, with momentum, dampening, Nesterov and weight decay."""

from __future__ import annotations

from retrograd.explain.updates.recipe import Options, Recipe, gradient


def sgd(options: Options, has: frozenset[str]) -> Recipe:
    """Return the recipe of ``torch.optim.SGD``; the first step's momentum is the gradient."""
    recipe = Recipe()
    g = gradient(recipe, options)
    step = g
    if options.get("momentum"):
        if "momentum_buffer" in has:
            b = recipe.let("b_new", f"momentum * momentum_buffer + (1 - dampening) * {g}")
        else:
            b = recipe.let("b_new", g)
        recipe.keep("momentum_buffer", b)
        step = recipe.let("look_ahead", f"{g} + momentum * {b}") if options.get("nesterov") else b
    recipe.update(f"theta - lr * {step}")
    return recipe
