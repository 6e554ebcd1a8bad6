"""Writes down the structure of a step: everything but its numbers, as JSON for the file.

This runs only when a step differs in structure from all before it, while the user's frames are
still alive, so that names can be found.
"""

from __future__ import annotations

import json
from math import isfinite, prod
from typing import TYPE_CHECKING, Any

from retrograd.recorder.capture import sample_stride
from retrograd.recorder.names import Names
from retrograd.recorder.trace import Trace
from retrograd.store.schema import SAMPLE_ELEMENTS
from retrograd.store.value import Slot, contiguous

if TYPE_CHECKING:
    from retrograd.recorder.recorder import Recorder

Json = dict[str, Any]
_OWN = ("offset", "name")
"""What a slot shares with no other."""
_ZEROING = ("aten::zero_", "aten::_foreach_zero_")


class Builder:
    """Builds the four JSON documents of one structure."""

    def __init__(self, recorder: Recorder, trace: Trace, names: Names) -> None:
        self.recorder = recorder
        self.trace = trace
        self.names = names
        self.nodes = self._nodes()
        self.slots = self._slots()
        self.results = self._results()
        self.events = [self._event(event) for event in trace.events]
        self._link()

    def documents(self) -> tuple[str, str, str, str, int]:
        """Return events, nodes, forms and slots as JSON text, and the packed size in bytes."""
        size = sum(slot["size"] for slot in self.slots)
        forms, slots = self._forms()
        texts = [
            json.dumps(document, separators=(",", ":"), allow_nan=False)
            for document in (self.events, self.nodes, forms, slots)
        ]
        return texts[0], texts[1], texts[2], texts[3], size

    def _forms(self) -> tuple[list[Json], list[tuple[int, int, str | None]]]:
        """Return what slots have in common, and of each its form, its offset and its name."""
        places: dict[tuple[Any, ...], int] = {}
        forms: list[Json] = []
        slots: list[tuple[int, int, str | None]] = []
        for slot in self.slots:
            form = tuple([item for item in slot.items() if item[0] not in _OWN])
            place = places.get(form)
            if place is None:
                place = places[form] = len(forms)
                forms.append(_short(dict(form)))
            slots.append((place, slot["offset"], slot["name"]))
        return forms, slots

    def _nodes(self) -> list[Json]:
        result = []
        for index, node in enumerate(self.trace.nodes):
            name, edges, parameter, _slot, number, opaque, op = node[:7]
            name = name.removeprefix("torch::autograd::")
            born = [extra[1] for extra in node[7:] if extra[0] == "born"]
            result.append(
                {
                    "name": name,
                    "op": op,
                    "next": [None if edge is None else list(edge) for edge in edges],
                    "saved": self.trace.saved.get(index, {}),
                    "parameter": parameter,
                    "pass": number,
                    "opaque": opaque,
                    "created_by": born[0] if born else None,
                }
            )
        return result

    def _slots(self) -> list[Json]:
        result = []
        offset = 0
        for slot, part in zip(self.trace.slots, self.trace.parts, strict=True):
            if len(slot) == 2:  # the short form of an ordinary value made by the step
                dtype, shape = slot
                slot = (
                    "whole",
                    dtype,
                    shape,
                    contiguous(shape),
                    0,
                    "cpu",
                    False,
                    True,
                    None,
                    False,
                    0,
                )
            kind = slot[0]
            size = len(part) if isinstance(part, bytes) else part.size
            entry: Json = {"kind": kind, "offset": offset, "size": size}
            offset += size
            if kind == "scalar":
                entry |= {"dtype": "float64", "shape": (), "name": None, "parameter": None}
            else:
                dtype, shape, stride, start, device, grad, leaf, parameter, external, _ = slot[1:11]
                entry |= {
                    "dtype": str(dtype).removeprefix("torch.") if dtype is not None else "unknown",
                    "shape": tuple([int(n) for n in shape]),
                    "stride": tuple([int(n) for n in stride]),
                    "storage_offset": int(start),
                    "device": str(device) if device is not None else "unknown",
                    "requires_grad": bool(grad),
                    "leaf": bool(leaf),
                    "parameter": parameter,
                    "external": bool(external),
                    "name": None,
                }
                if kind == "none":
                    entry["why"] = slot[11]
                elif len(slot) > 11:
                    entry["layout"] = slot[11]
                if kind == "summary":
                    count = prod(entry["shape"])
                    step = sample_stride(count)
                    entry["sample"] = (step, min(SAMPLE_ELEMENTS, -(-count // step)))
            result.append(entry)
        for node in self.trace.nodes:
            if node[2] is not None and node[3] is not None:
                result[node[3]] |= {"parameter": node[2], "requires_grad": True, "leaf": True}
        for index, tensor in self._live():
            found = self.names.of(tensor)
            if found is not None and result[index]["kind"] != "scalar":
                result[index]["name"] = found[0]
        for entry in result:
            if entry["parameter"] is not None:
                entry["name"] = self.recorder.parameters.all[entry["parameter"]].name
        return result

    def _live(self) -> list[tuple[int, Any]]:
        """Return (slot, tensor) of every tensor that is still alive."""
        pairs = [(slot, reference()) for slot, reference, *_ in self.trace.known.values()]
        return [(slot, tensor) for slot, tensor in pairs if tensor is not None]

    def _results(self) -> set[int | None]:
        """Return the slots that an assignment may name: what the last op of an expression made.

        A module that is called runs many ops, all at the same place of the user's source.
        """
        events = self.trace.events
        found: set[int | None] = set()
        for event, following in zip(events, [*events[1:], None], strict=True):
            if event[0] != "op":
                continue
            if following is None or following[0] != "op" or following[2] != event[2]:
                found.update(event[5])
        return found - {None}

    def _event(self, event: tuple[Any, ...]) -> Json:
        return getattr(self, f"_{event[0]}")(event)  # type: ignore[no-any-return]

    def _op(self, event: tuple[Any, ...]) -> Json:
        _, info, site, module, arguments, outputs, grad = event
        named: Json = {}
        for index, argument in enumerate(arguments):
            if isinstance(argument, tuple) and len(argument) == 3 and argument[0] == "k":
                named[argument[1]] = _argument(argument[2])
            else:
                named[info.names[index]] = _argument(argument)
        for name, default in info.defaults.items():
            if name not in named:
                named[name] = _default(default)
        named_here = len(outputs) == 1 and outputs[0] in self.results
        if named_here and site is not None and (target := self.recorder.sites.resolve(site).target):
            entry = self.slots[outputs[0]]
            if entry["name"] is None:
                entry["name"] = target
        return {
            "kind": "op",
            "phase": "forward" if grad else "outside",
            "site": self.recorder.site_row(site),
            "module": module,
            "op": info.name,
            "arguments": named,
            "outputs": list(outputs),
            "node": None,
            "grad": grad,
            "mutates": [name for _, name in info.mutated],
        }

    def _backward(self, event: tuple[Any, ...]) -> Json:
        _, api, number, roots, root_nodes, gradients, retain, create, inputs, site, results = event
        return {
            "kind": "backward",
            "phase": "backward",
            "site": self.recorder.site_row(site),
            "module": None,
            "api": api,
            "pass": number,
            "roots": list(roots),
            "root_nodes": list(root_nodes),
            "gradients": list(gradients),
            "retain_graph": retain,
            "create_graph": create,
            "inputs": list(inputs),
            "results": list(results),
        }

    def _node(self, event: tuple[Any, ...]) -> Json:
        _, node, number, incoming, outgoing = event
        return self._backward_event(
            "node", node, number, grad_outputs=list(incoming), grad_inputs=list(outgoing)
        )

    def _accumulate(self, event: tuple[Any, ...]) -> Json:
        _, node, number, parameter, before, contribution, after, site = event
        entry = self._backward_event(
            "accumulate",
            node,
            number,
            parameter=parameter,
            before=before,
            contribution=contribution,
            after=after,
        )
        return entry | {"site": self.recorder.site_row(site)}

    def _backward_event(self, kind: str, node: int, number: int, **members: Any) -> Json:
        # the site of the op that created the node: where the chain rule stands in the source
        op = self.nodes[node]["op"]
        site = self.trace.events[op][2] if op is not None else None
        module = self.trace.events[op][3] if op is not None else None
        return {
            "kind": kind,
            "phase": "backward",
            "site": self.recorder.site_row(site),
            "module": module,
            "node": node,
            "pass": number,
            **members,
        }

    def _zero_grad(self, event: tuple[Any, ...]) -> Json:
        _, owner, to_none, changes, site = event
        return {
            "kind": "zero_grad",
            "phase": "zero_grad",
            "site": self.recorder.site_row(site),
            "module": None,
            "owner": owner,
            "set_to_none": to_none,
            "changes": [
                {"parameter": parameter, "before": before, "after": after}
                for parameter, before, after in changes
            ],
        }

    def _grad_change(self, event: tuple[Any, ...]) -> Json:
        _, parameter, before, after, cause, op_event, site = event
        if op_event is not None:
            site = self.trace.events[op_event][2]
        return {
            "kind": "grad_change",
            "phase": "zero_grad" if after is None or self._zeroes(op_event) else "optimizer",
            "site": self.recorder.site_row(site),
            "module": None,
            "parameter": parameter,
            "before": before,
            "after": after,
            "cause": cause,
            "op_event": op_event,
        }

    def _zeroes(self, op_event: int | None) -> bool:
        return op_event is not None and self.trace.events[op_event][1].name in _ZEROING

    def _step(self, event: tuple[Any, ...]) -> Json:
        _, optimizer, name, groups, site = event
        self._groups = {(optimizer, index): group for index, group in enumerate(groups)}
        self._step_site = self.recorder.site_row(site)
        return {
            "kind": "step",
            "phase": "optimizer",
            "site": self._step_site,
            "module": None,
            "optimizer": optimizer,
            "name": name,
            "groups": len(groups),
        }

    def _update(self, event: tuple[Any, ...]) -> Json:
        _, optimizer, name, group, parameter, before, gradient, after, old, new = event
        return {
            "kind": "update",
            "phase": "optimizer",
            "site": self._step_site,
            "module": None,
            "optimizer": optimizer,
            "name": name,
            "group": group,
            "parameter": parameter,
            "before": before,
            "gradient": gradient,
            "after": after,
            "state_before": _state(old),
            "state_after": _state(new),
            "hyperparameters": {
                key: _argument(value) for key, value in self._groups[optimizer, group]
            },
            "manual": False,
        }

    def _manual(self, event: tuple[Any, ...]) -> Json:
        _, parameter, before, gradient, after, op_event, site = event
        return {
            "kind": "update",
            "phase": "optimizer",
            "site": self.recorder.site_row(site),
            "module": None,
            "optimizer": None,
            "name": "manual",
            "group": 0,
            "parameter": parameter,
            "before": before,
            "gradient": gradient,
            "after": after,
            "state_before": {},
            "state_after": {},
            "hyperparameters": {},
            "manual": True,
            "op_event": op_event,
        }

    def _opaque(self, event: tuple[Any, ...]) -> Json:
        _, name, site, module = event
        return {
            "kind": "opaque",
            "phase": "forward",
            "site": self.recorder.site_row(site),
            "module": module,
            "name": name,
            "inputs": [],
            "outputs": [],
            "node": None,
        }

    def _link(self) -> None:
        """Tell ops their nodes, and outputs that autograd follows them."""
        for index, node in enumerate(self.nodes):
            if node["op"] is not None:
                op = self.events[node["op"]]
                if op["node"] is None or node["name"] != "CopySlices":
                    op["node"] = index
                for slot in op["outputs"]:
                    if slot is not None:
                        self.slots[slot] |= {"requires_grad": True, "leaf": False}


def _short(slot: Json) -> Json:
    """Return a form without what a reader takes for granted."""
    usual = {**Slot._field_defaults, "stride": contiguous(slot["shape"])}
    return {key: value for key, value in slot.items() if key not in usual or usual[key] != value}


def _default(constant: Any) -> Json:
    """Encode the default of an argument that was not given."""
    if isinstance(constant, (list, tuple)):
        return {"l": [_default(item) for item in constant]}
    if (isinstance(constant, float) and isfinite(constant)) or constant is None:
        return {"c": constant}
    return {"c": constant if isinstance(constant, (bool, int, str)) else str(constant)}


def _argument(argument: Any) -> Json:
    if argument is None:
        return {"c": None}
    if isinstance(argument, bool):
        return {"c": argument}
    if isinstance(argument, int):
        return {"v": argument}
    if argument[0] == "s" and len(argument) == 2:
        return {"s": argument[1]}
    if argument[0] == "l" and len(argument) == 2:
        return {"l": [_argument(item) for item in argument[1]]}
    return {"c": argument[0]}


def _state(named: tuple[tuple[str, Any], ...]) -> Json:
    """State entries that are numbers or tensors, by slot."""
    result = {}
    for key, value in named:
        if isinstance(value, int) and not isinstance(value, bool):
            result[key] = value
        elif isinstance(value, tuple) and len(value) == 2 and value[0] == "s":
            result[key] = value[1]
    return result
