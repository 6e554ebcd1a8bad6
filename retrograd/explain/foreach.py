"""Ops on lists of tensors: each member is the plain op on the members of the lists.

``_foreach_mul.ScalarList(self, scalars)`` is ``mul(self[i], scalars[i])`` for each i.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from retrograd.store.model import Argument, Op
from retrograd.store.value import Value

_PREFIX: Final = "aten::_foreach_"
_PLAIN: Final = {"norm": "linalg_vector_norm", "max": "amax"}
_LAST: Final = {  # what the last operand is called in the plain op
    **dict.fromkeys(("add", "sub", "mul", "div", "maximum", "minimum"), "other"),
    **dict.fromkeys(("addcmul", "addcdiv"), "value"),
    "clamp_min": "min",
    "clamp_max": "max",
    "pow": "exponent",
    "lerp": "weight",
}
_DEFAULTS: Final[Mapping[str, Mapping[str, Argument]]] = {
    "add": {"alpha": 1},
    "sub": {"alpha": 1},
    "addcmul": {"value": 1},
    "addcdiv": {"value": 1},
    "norm": {"dim": None, "keepdim": False},
    "max": {"dim": None, "keepdim": False},
}


def members(op: Op) -> list[Op]:
    """Return the plain ops that an op on lists is made of; none for any other op."""
    if not op.name.startswith(_PREFIX):
        return []
    name, _, overload = op.name.removeprefix(_PREFIX).partition(".")
    plain = name.removesuffix("_")
    lists = [item for item in op.arguments.values() if _is_list(item)]
    if not lists:
        return []
    whole = f"aten::{_PLAIN.get(plain, plain)}"
    whole += ".Tensor" if plain.startswith("clamp") and overload == "List" else ""
    return [
        replace(op, name=whole, arguments=_arguments(op, plain, index), outputs=(output,))
        for index, output in enumerate(op.outputs)
    ]


def _is_list(item: Argument) -> bool:
    return isinstance(item, tuple) and any(isinstance(each, Value) for each in item)


def _arguments(op: Op, plain: str, index: int) -> dict[str, Argument]:
    found: dict[str, Argument] = dict(_DEFAULTS.get(plain, {}))
    for key, item in op.arguments.items():
        if isinstance(item, tuple) and len(item) == len(op.outputs):
            item = item[index]
        elif isinstance(item, Value) and key == "scalars" and item.array is not None:
            item = float(item.array.reshape(-1)[index])
        found[_renamed(plain, key)] = item
    return found


def _renamed(plain: str, key: str) -> str:
    if key in ("other", "scalar", "scalars", "weights"):
        return _LAST.get(plain, key)
    return "end" if key == "tensors1" else key
