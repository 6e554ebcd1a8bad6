"""Errors of operands that do not fit together: their shapes or their dtypes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from retrograd.explain.failures.failure import Account, Fact
from retrograd.explain.failures.scene import Scene, bracketed, shape, short, tensors
from retrograd.messages.message import Message, message
from retrograd.store.model import Op, Site
from retrograd.store.value import Value

_DTYPES: Final = {
    "Double": "float64",
    "Float": "float32",
    "Half": "float16",
    "BFloat16": "bfloat16",
    "Long": "int64",
    "Int": "int32",
    "Short": "int16",
    "Char": "int8",
    "Byte": "uint8",
    "Bool": "bool",
    "ComplexFloat": "complex64",
    "ComplexDouble": "complex128",
    "c10::BFloat16": "bfloat16",
    "c10::Half": "float16",
    "double": "float64",
    "float": "float32",
}
_CONVERSIONS: Final = {"float32": "float()", "float64": "double()", "int64": "long()"}


def operand(scene: Scene, fits: Callable[[Value], bool], *, last: bool = False) -> Value | None:
    """Return the operand of the failing line that fits, else the newest value that does.

    ``last``: the last of the operands where several fit, as a loss takes its target.
    """
    texts = scene.names.operands(scene.incident.site)
    if last:
        texts.reverse()
    named = [scene.latest(text) for text in texts]
    for value in named:
        if value is not None and fits(value):
            return value
    for op in reversed(scene.ops):
        for value in (*[o for o in op.outputs if o is not None], *tensors(op)):
            if fits(value) and value.slot.parameter is None and not _is_weight(scene, value):
                return value
    return None


def _is_weight(scene: Scene, value: Value) -> bool:
    """Tell whether a value is a transposed weight or an unnamed stage of making one."""
    op = scene.made.get(value.index)
    return op is not None and (
        op.name.startswith(("aten::empty", "aten::uniform_", "aten::normal_"))
        or (op.name == "aten::t" and op.module is not None)
    )


def _shaped(*lengths: int) -> Callable[[Value], bool]:
    return lambda value: value.shape == lengths


def shapes_multiplied(scene: Scene, match: re.Match[str]) -> Account | None:
    """Explain a matrix product whose inner dimensions differ: a layer's, or one by hand."""
    site = scene.incident.site
    left, right = _factors(match)
    if left is None or right is None:
        return None
    layer = _layer(scene, right)
    if layer is not None:
        return _into_layer(scene, left, right, layer)
    texts = scene.names.operands(site)
    names = texts[:2] if len(texts) >= 2 else ["mat1", "mat2"]
    said = message(
        "failure-product",
        left=names[0],
        left_shape=_listed(left),
        right=names[1],
        right_shape=_listed(right),
        columns=str(left[-1]),
        rows=str(right[0]),
    )
    facts = [Fact(said, site)]
    for name, lengths in zip(names, (left, right), strict=True):
        value = scene.latest(name)
        if value is not None and value.shape == lengths and scene.site_of(value) is not None:
            made = message("failure-made", name=name, shape=shape(value))
            facts.append(Fact(made, scene.site_of(value)))
    fixes = []
    if len(right) == 2 and left[-1] == right[1]:
        fixes.append(message("failure-fix-transpose", name=names[1]))
    elif len(left) == 2 and left[0] == right[0]:
        fixes.append(message("failure-fix-transpose", name=names[0]))
    return Account(tuple(facts), (*fixes, message("failure-fix-inner")))


def _factors(match: re.Match[str]) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None]:
    found = match.groupdict()
    if found["first"]:
        first, second, third, fourth = (
            int(found[name]) for name in ("first", "second", "third", "fourth")
        )
        return (first, second), (third, fourth)
    if found["mat"]:
        mat = tuple([int(length) for length in found["mat"].split("x")])
        return mat, (int(found["vec"]),)
    if found["left"]:
        return (int(found["left"]),), (int(found["right"]),)
    return None, None


def _layer(scene: Scene, right: tuple[int, ...]) -> Op | None:
    """Return the op that turned a layer's weight for the product that failed, if one did."""
    last = scene.ops[-1] if scene.exact and scene.ops else None
    if last is None or last.name != "aten::t" or last.module is None:
        return None
    output = last.outputs[0]
    return last if output is not None and output.shape == right else None


def _into_layer(scene: Scene, left: tuple[int, ...], right: tuple[int, ...], layer: Op) -> Account:
    assert layer.module is not None
    weight = tensors(layer)[0]
    given = operand(scene, _shaped(*left))
    name = "?" if given is None else scene.call(given)
    path = layer.module.path or layer.module.type
    said = message(
        "failure-layer",
        layer=path,
        type=layer.module.type,
        expected=str(right[0]),
        given=str(left[-1]),
        name=name,
        shape=_listed(left),
    )
    facts = [Fact(said, layer.site)]
    made = _defined(scene, weight, layer.module.type)
    if made is not None:
        facts.append(Fact(message("failure-layer-made", layer=path), made))
    if given is not None and scene.site_of(given) is not None:
        came = message("failure-made", name=name, shape=_listed(left))
        facts.append(Fact(came, scene.site_of(given)))
    fix = message("failure-fix-layer", given=str(left[-1]), expected=str(right[0]))
    return Account(tuple(facts), (fix,))


def _defined(scene: Scene, weight: Value, type: str) -> Site | None:
    """Return the line that made a layer: by the parameter, or by the op that filled its weight."""
    if weight.slot.parameter is not None:
        return scene.recording.parameters[weight.slot.parameter].site
    sites = {
        op.site
        for op in scene.ops
        if op.site is not None
        and type in op.site.expression
        and any(o is not None and o.shape == weight.shape for o in op.outputs)
        and op.module is None
    }
    return sites.pop() if len(sites) == 1 else None


def target_size(scene: Scene, match: re.Match[str]) -> Account | None:
    """Explain a loss whose outputs and targets have different sizes."""
    if match["target"] is not None:
        target, given = _lengths(match["target"]), _lengths(match["input"])
        of_target: Callable[[Value], bool] = _shaped(*target)
        of_given: Callable[[Value], bool] = _shaped(*given)
        shapes = _listed(given), _listed(target)
    else:
        inputs, targets = int(match["inputs"]), int(match["targets"])
        target, given = (targets,), (inputs,)
        if scene.exact:
            of_target = _first(targets)
            of_given = _first(inputs)
        else:
            return None
        shapes = f"[{inputs}, …]", f"[{targets}]"
    first, second = operand(scene, of_given), operand(scene, of_target, last=True)
    texts = scene.names.operands(scene.incident.site)
    texts = texts[-2:] if len(texts) >= 2 else ["input", "target"]
    names = [
        short(text if value is None else scene.call(value))
        for text, value in zip(texts, (first, second), strict=True)
    ]
    said = message(
        "failure-target-size",
        output=names[0],
        output_shape=shapes[0] if first is None else shape(first),
        target=names[1],
        target_shape=shapes[1] if second is None else shape(second),
    )
    facts = [Fact(said, scene.incident.site)]
    for value, name in ((first, names[0]), (second, names[1])):
        if value is not None and scene.site_of(value) is not None:
            made = message("failure-made", name=name, shape=shape(value))
            facts.append(Fact(made, scene.site_of(value)))
    fixes: tuple[Message, ...]
    if given == (*target, 1):
        fixes = (message("failure-fix-unsqueeze", output=names[0], target=names[1]),)
    elif target == (*given, 1):
        fixes = (message("failure-fix-squeeze", target=names[1]),)
    else:
        fixes = (message("failure-fix-one-batch", output=names[0], target=names[1]),)
    return Account(tuple(facts), fixes)


def _first(length: int) -> Callable[[Value], bool]:
    return lambda value: bool(value.shape) and value.shape[0] == length


def shapes_broadcast(scene: Scene, match: re.Match[str]) -> Account | None:
    """Explain two tensors that cannot be broadcast: which they are, and in which dimension."""
    a, b, dimension = int(match["a"]), int(match["b"]), int(match["dimension"])
    texts = scene.names.operands(scene.incident.site)[:2]
    found = [scene.latest(text) for text in texts] if scene.exact else []
    names = texts if len(texts) == 2 else ["a", "b"]
    said = message(
        "failure-broadcast",
        first=names[0],
        second=names[1],
        a=str(a),
        b=str(b),
        dimension=str(dimension),
    )
    facts = [Fact(said, scene.incident.site)]
    for name, value in zip(texts, found, strict=False):
        if value is not None:
            made = message("failure-made", name=name, shape=shape(value))
            facts.append(Fact(made, scene.site_of(value)))
    return Account(tuple(facts), (message("failure-fix-broadcast"),))


def channels(scene: Scene, match: re.Match[str]) -> Account | None:
    """Explain a convolution whose input has another number of channels than its weight."""
    given = _lengths(match["input"])
    value = operand(scene, _shaped(*given))
    texts = scene.names.operands(scene.incident.site)
    name = scene.call(value) if value is not None else texts[0] if texts else "input"
    said = message(
        "failure-channels",
        name=short(name),
        shape=_listed(given),
        given=match["given"],
        expected=match["expected"],
        weight=_listed(_lengths(match["weight"])),
    )
    facts = [Fact(said, scene.incident.site)]
    makers = {
        op.site
        for op in scene.ops
        if op.site is not None
        and "Conv" in op.site.expression
        and any(o is not None and o.shape == _lengths(match["weight"]) for o in op.outputs)
    }
    if len(makers) == 1:
        facts.append(Fact(message("failure-weight-made"), makers.pop()))
    fix = message("failure-fix-channels", given=match["given"], expected=match["expected"])
    return Account(tuple(facts), (fix,))


def class_out_of_bounds(scene: Scene, match: re.Match[str]) -> Account | None:
    """Explain a class number that is as large as the number of classes, or larger."""
    texts = scene.names.operands(scene.incident.site)
    target = int(match["target"])
    labels = operand(scene, lambda value: _holds(value, target), last=True)
    scores = operand(scene, lambda value: len(value.shape) >= 2 and value.dtype.startswith("float"))
    if scores is None:
        return None
    # a parameter of a function has its own name there, by which no op knows it
    own = bool(texts) and texts[-1].isidentifier()
    name = texts[-1] if own else scene.call(labels)
    said = message(
        "failure-class",
        labels=short(name),
        target=str(target),
        scores=short(scene.call(scores)),
        shape=shape(scores),
        classes=str(scores.shape[1]),
        last=str(scores.shape[1] - 1),
    )
    facts = [Fact(said, scene.incident.site)]
    for value in (labels, scores):
        if value is not None and scene.site_of(value) is not None:
            made = message("failure-made", name=short(scene.call(value)), shape=shape(value))
            facts.append(Fact(made, scene.site_of(value)))
    return Account(tuple(facts), (message("failure-fix-class", classes=str(target + 1)),))


def _holds(value: Value, number: int) -> bool:
    array = value.array
    return value.dtype == "int64" and array is not None and bool((array == number).any())


def dtypes(scene: Scene, match: re.Match[str]) -> Account | None:
    """Explain operands of different dtypes: which tensor has the odd one, and who made it."""
    was, wanted = _was_and_wanted(scene, match)
    if was is None:
        return None
    odd = None
    if scene.exact:
        odd = operand(scene, lambda value: value.dtype == was, last=wanted == "int64")
    site = scene.incident.site
    if odd is None:
        if wanted is None:
            return None
        facts = [Fact(message("failure-dtype-somewhere", was=was, wanted=wanted), site)]
        return Account(tuple(facts), (message("failure-fix-dtype", name="…", call=_call(wanted)),))
    name = short(scene.call(odd))
    if wanted is None:
        wanted = "float32"
    facts = [Fact(message("failure-dtype", name=name, was=was, wanted=wanted), site)]
    if scene.site_of(odd) is not None:
        facts.append(Fact(message("failure-made", name=name, shape=shape(odd)), scene.site_of(odd)))
    if was == "float64":
        facts.append(Fact(message("failure-numpy-default")))
    elif wanted == "int64":
        facts.append(Fact(message("failure-classes")))
    elif not was.startswith(("float", "bfloat")):
        facts.append(Fact(message("failure-whole-numbers")))
    return Account(
        tuple(facts), (message("failure-fix-dtype", name=bracketed(name), call=_call(wanted)),)
    )


def _call(dtype: str) -> str:
    return _CONVERSIONS.get(dtype, f"to(torch.{dtype})")


def _was_and_wanted(scene: Scene, match: re.Match[str]) -> tuple[str | None, str | None]:
    """Return the dtype of the operand that does not fit, and the one that would."""
    group = {key: _dtype(text) for key, text in match.groupdict().items()}
    if group["got"]:
        return _odd_one(scene, group["got"], group["other"])
    if group["m1"]:
        return _odd_one(scene, group["m1"], group["m2"])
    if group["found"]:
        return group["found"], group["expected"]
    if group["was"]:
        first, second = group["was"], group["wanted"]
        if "int64" in (first, second):
            return first, second
        return _odd_one(scene, first, second)
    if group["target"]:
        return group["target"], group["classes"]
    if group["unsupported"]:
        whole = not group["unsupported"].startswith(("float", "bfloat", "complex"))
        return group["unsupported"], None if whole else "int64"
    return None, None


def _odd_one(scene: Scene, first: str, second: str | None) -> tuple[str, str | None]:
    """Return (odd, wanted): the parameters' dtype is the one that is wanted."""
    own = {parameter.dtype for parameter in scene.recording.parameters}
    for op in scene.ops:
        own |= {v.dtype for v in tensors(op) if scene.requires(v)}
    if first in own and second is not None and second not in own:
        return second, first
    return first, second


def _dtype(text: str | None) -> str | None:
    return None if text is None else _DTYPES.get(text.strip(), text.strip().lower())


def _lengths(text: str) -> tuple[int, ...]:
    return tuple([int(length) for length in text.split(",") if length.strip()])


def _listed(lengths: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, lengths))}]"
