"""Optimizers that scale each element by the size of its past gradients."""

from __future__ import annotations

from retrograd.explain.updates.recipe import Options, Recipe, count, decayed, gradient


def adagrad(options: Options, has: frozenset[str]) -> Recipe:
    """Return the recipe of ``torch.optim.Adagrad``."""
    recipe = Recipe()
    t = count(recipe)
    g = gradient(recipe, options)
    recipe.let("lr_t", f"lr / (1 + ({t} - 1) * lr_decay)")
    recipe.let("sum_new", f"sum_of_squares + {g}**2")
    recipe.keep("sum", "sum_new")
    recipe.update(f"theta - lr_t * {g} / (sqrt(sum_new) + eps)")
    return recipe


def adadelta(options: Options, has: frozenset[str]) -> Recipe:
    """Return the recipe of ``torch.optim.Adadelta``."""
    recipe = Recipe()
    count(recipe)
    g = gradient(recipe, options)
    recipe.let("v_new", f"rho * square_avg + (1 - rho) * {g}**2")
    recipe.let("delta", f"sqrt(acc_delta + eps) / sqrt(v_new + eps) * {g}")
    recipe.let("u_new", "rho * acc_delta + (1 - rho) * delta**2")
    recipe.keep("square_avg", "v_new")
    recipe.keep("acc_delta", "u_new")
    recipe.update("theta - lr * delta")
    return recipe


def rmsprop(options: Options, has: frozenset[str]) -> Recipe:
    """Return the recipe of ``torch.optim.RMSprop``, centered or not, with momentum or not."""
    recipe = Recipe()
    count(recipe)
    g = gradient(recipe, options)
    recipe.let("v_new", f"alpha * square_avg + (1 - alpha) * {g}**2")
    recipe.keep("square_avg", "v_new")
    spread = "v_new"
    if options.get("centered"):
        recipe.let("g_avg_new", f"alpha * grad_avg + (1 - alpha) * {g}")
        recipe.keep("grad_avg", "g_avg_new")
        spread = recipe.let("v_centered", "v_new - g_avg_new**2")
    step = recipe.let("delta", f"{g} / (sqrt({spread}) + eps)")
    if options.get("momentum"):
        step = recipe.let("b_new", f"momentum * momentum_buffer + {step}")
        recipe.keep("momentum_buffer", step)
    recipe.update(f"theta - lr * {step}")
    return recipe


def rprop(options: Options, has: frozenset[str]) -> Recipe:
    """Return the recipe of ``torch.optim.Rprop``: only the signs of gradients count."""
    recipe = Recipe()
    count(recipe)
    g = gradient(recipe, {**options, "weight_decay": 0})
    recipe.let("turn", f"sgn({g} * prev)")
    recipe.let("factor", "where(turn > 0, eta_plus, where(turn < 0, eta_minus, 1))")
    recipe.let("size_new", "clamped(step_size * factor, smallest, largest)")
    recipe.let("g_kept", f"where(turn < 0, 0, {g})")
    recipe.keep("step_size", "size_new")
    recipe.keep("prev", "g_kept")
    recipe.update("theta - sgn(g_kept) * size_new")
    return recipe


def asgd(options: Options, has: frozenset[str]) -> Recipe:
    """Return the recipe of ``torch.optim.ASGD``, which also averages the parameters."""
    recipe = Recipe()
    t = count(recipe)
    g = gradient(recipe, options)
    recipe.update(f"theta * (1 - lambd * eta) - eta * {g}")
    recipe.let("average_new", "ax + mu * (new - ax)")
    recipe.let("eta_new", f"lr / (1 + lambd * lr * {t})**alpha")
    recipe.let("mu_new", f"1 / maximum(1, {t} - t0)")
    for entry, name in (("ax", "average_new"), ("eta", "eta_new"), ("mu", "mu_new")):
        recipe.keep(entry, name)
    return recipe


def adafactor(options: Options, has: frozenset[str]) -> Recipe:
    """Return the recipe of ``torch.optim.Adafactor``: second moments by row and column."""
    recipe = Recipe()
    t = count(recipe)
    g = gradient(recipe, {**options, "weight_decay": 0})
    recipe.let("keep_new", f"{t}**beta2_decay")
    recipe.let("step_size", f"maximum(eps2, root_mean_square(theta)) * minimum(lr, 1 / sqrt({t}))")
    theta = decayed(recipe, options)
    if "variance" in has:
        recipe.let("v_new", f"variance + keep_new * ({g}**2 - variance)")
        recipe.keep("variance", "v_new")
        estimate = "v_new"
    else:
        recipe.let("row_new", f"row_var + keep_new * (row_mean({g}**2) - row_var)")
        recipe.let("col_new", f"col_var + keep_new * (column_mean({g}**2) - col_var)")
        recipe.keep("row_var", "row_new")
        recipe.keep("col_var", "col_new")
        estimate = recipe.let("v_hat", "row_new @ col_new / maximum(column_mean(row_new), eps1)")
    recipe.let("delta", f"{g} / sqrt(maximum({estimate}, eps1**2))")
    recipe.update(f"{theta} - step_size / maximum(1, root_mean_square(delta) / d) * delta")
    return recipe
