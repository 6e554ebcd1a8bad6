"""Adam and its family: AdamW, Adamax, NAdam, RAdam, SparseAdam."""

from __future__ import annotations

from retrograd.explain.updates.recipe import Options, Recipe, count, decayed, gradient


def _moments(recipe: Recipe, g: str) -> None:
    recipe.let("m_new", f"beta1 * exp_avg + (1 - beta1) * {g}")
    recipe.let("v_new", f"beta2 * exp_avg_sq + (1 - beta2) * {g}**2")
    recipe.keep("exp_avg", "m_new")
    recipe.keep("exp_avg_sq", "v_new")


def adam(options: Options, has: frozenset[str]) -> Recipe:
    """Return the recipe of ``torch.optim.Adam``, and of AdamW by its decoupled weight decay."""
    recipe = Recipe()
    decoupled = bool(options.get("decoupled_weight_decay"))
    t = count(recipe)
    theta = decayed(recipe, options) if decoupled else "theta"
    g = gradient(recipe, options, decoupled)
    _moments(recipe, g)
    v = "v_new"
    if options.get("amsgrad"):
        v = recipe.let("v_largest", "maximum(max_exp_avg_sq, v_new)")
        recipe.keep("max_exp_avg_sq", v)
    recipe.let("m_hat", f"m_new / (1 - beta1**{t})")
    recipe.let("v_hat", f"{v} / (1 - beta2**{t})")
    recipe.update(f"{theta} - lr * m_hat / (sqrt(v_hat) + eps)")
    return recipe


def adamw(options: Options, has: frozenset[str]) -> Recipe:
    """Return the recipe of ``torch.optim.AdamW``."""
    return adam({**options, "decoupled_weight_decay": True}, has)


def adamax(options: Options, has: frozenset[str]) -> Recipe:
    """Return the recipe of ``torch.optim.Adamax``: Adam with the largest gradient so far."""
    recipe = Recipe()
    t = count(recipe)
    g = gradient(recipe, options)
    recipe.let("m_new", f"beta1 * exp_avg + (1 - beta1) * {g}")
    recipe.let("u_new", f"maximum(beta2 * exp_inf, abs({g}) + eps)")
    recipe.keep("exp_avg", "m_new")
    recipe.keep("exp_inf", "u_new")
    recipe.let("m_hat", f"m_new / (1 - beta1**{t})")
    recipe.update("theta - lr * m_hat / u_new")
    return recipe


def nadam(options: Options, has: frozenset[str]) -> Recipe:
    """Return the recipe of ``torch.optim.NAdam``: Adam with Nesterov momentum."""
    recipe = Recipe()
    decoupled = bool(options.get("decoupled_weight_decay"))
    t = count(recipe)
    theta = decayed(recipe, options) if decoupled else "theta"
    g = gradient(recipe, options, decoupled)
    recipe.let("mu", f"beta1 * (1 - 0.5 * 0.96**({t} * momentum_decay))")
    recipe.let("mu_next", f"beta1 * (1 - 0.5 * 0.96**(({t} + 1) * momentum_decay))")
    recipe.let("mu_product_new", "mu_product * mu")
    recipe.keep("mu_product", "mu_product_new")
    _moments(recipe, g)
    recipe.let("v_hat", f"v_new / (1 - beta2**{t})")
    recipe.let(
        "m_hat",
        f"(1 - mu) / (1 - mu_product_new) * {g} + mu_next / (1 - mu_product_new * mu_next) * m_new",
    )
    recipe.update(f"{theta} - lr * m_hat / (sqrt(v_hat) + eps)")
    return recipe


def radam(options: Options, has: frozenset[str]) -> Recipe:
    """Return the recipe of ``torch.optim.RAdam``: Adam once its variance can be trusted."""
    recipe = Recipe()
    decoupled = bool(options.get("decoupled_weight_decay"))
    t = count(recipe)
    theta = decayed(recipe, options) if decoupled else "theta"
    g = gradient(recipe, options, decoupled)
    _moments(recipe, g)
    recipe.let("m_hat", f"m_new / (1 - beta1**{t})")
    recipe.let("rho_inf", "2 / (1 - beta2) - 1")
    recipe.let("rho_t", f"rho_inf - 2 * {t} * beta2**{t} / (1 - beta2**{t})")
    recipe.let(
        "r",
        "sqrt((rho_t - 4) * (rho_t - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho_t))"
        " if rho_t > 5 else 1",
    )
    recipe.let("l", f"sqrt(1 - beta2**{t}) / (sqrt(v_new) + eps) if rho_t > 5 else 1")
    recipe.update(f"{theta} - lr * m_hat * r * l")
    return recipe


def sparse_adam(options: Options, has: frozenset[str]) -> Recipe:
    """Return the recipe of ``torch.optim.SparseAdam``: Adam on the rows that have a gradient."""
    recipe = Recipe()
    t = count(recipe)
    g = gradient(recipe, {**options, "weight_decay": 0})
    recipe.let("m_new", f"where(rows, beta1 * exp_avg + (1 - beta1) * {g}, exp_avg)")
    recipe.let("v_new", f"where(rows, beta2 * exp_avg_sq + (1 - beta2) * {g}**2, exp_avg_sq)")
    recipe.keep("exp_avg", "m_new")
    recipe.keep("exp_avg_sq", "v_new")
    recipe.let("lr_t", f"lr * sqrt(1 - beta2**{t}) / (1 - beta1**{t})")
    recipe.update("where(rows, theta - lr_t * m_new / (sqrt(v_new) + eps), theta)")
    return recipe
