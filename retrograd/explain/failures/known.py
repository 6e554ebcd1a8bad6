"""The errors of PyTorch's that have an explanation, by their words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from retrograd.explain.failures import again, cut, leaf, operands, overwritten, scalar
from retrograd.explain.failures.failure import Account, Fact, Failure
from retrograd.explain.failures.scene import Scene
from retrograd.messages.message import message
from retrograd.store.model import Incident
from retrograd.store.reader import Recording

_Teller = Callable[[Scene, re.Match[str]], Account | None]

# kind -> the words by which PyTorch's error is known, and who can explain it
KINDS: Final[dict[str, tuple[str, _Teller]]] = {
    "graph-cut": (
        r"element (?P<root>\d+) of tensors does not require grad and does not have a grad_fn",
        cut.graph_cut,
    ),
    "second-backward": (
        r"Trying to backward through the graph a second time",
        again.second_backward,
    ),
    "overwritten": (
        r"needed for gradient computation has been modified by an inplace operation: "
        r"\[[\w.]*? \[(?P<shape>[\d, ]*)\]\](, which is output (?P<output>\d+) of (?P<node>\w+),)?"
        r"( is at version (?P<version>\d+); expected version (?P<expected>\d+))?",
        overwritten.overwritten,
    ),
    "leaf-in-place": (
        r"a (?P<view>view of a )?leaf Variable that requires grad is being used in an in-place",
        overwritten.leaf_in_place,
    ),
    "not-a-leaf": (
        r"can't optimize a non-leaf Tensor",
        leaf.not_a_leaf,
    ),
    "not-a-scalar": (
        r"grad can be implicitly created only for (real )?scalar outputs",
        scalar.not_a_scalar,
    ),
    "unused-input": (
        r"differentiated Tensors? (at index (?P<index>\d+) )?appears? to not have been used",
        cut.unused_input,
    ),
    "input-without-gradient": (
        r"One of the differentiated Tensors does not require grad",
        cut.input_without_gradient,
    ),
    "shapes-multiplied": (
        r"mat1 and mat2 shapes cannot be multiplied "
        r"\((?P<first>\d+)x(?P<second>\d+) and (?P<third>\d+)x(?P<fourth>\d+)\)"
        r"|size mismatch, got input \((?P<rows>\d+)\), mat \((?P<mat>[\dx]+)\), "
        r"vec \((?P<vec>\d+)\)"
        r"|inconsistent tensor size, expected tensor \[(?P<left>\d+)\] and src \[(?P<right>\d+)\]",
        operands.shapes_multiplied,
    ),
    "target-size": (
        r"[Tt]arget size \(torch\.Size\(\[(?P<target>[\d, ]*)\]\)\) (must be the same as|that is "
        r"different to the) input size \(torch\.Size\(\[(?P<input>[\d, ]*)\]\)\)"
        r"|Expected input batch_size \((?P<inputs>\d+)\) to match target batch_size "
        r"\((?P<targets>\d+)\)",
        operands.target_size,
    ),
    "shapes-broadcast": (
        r"size of tensor a \((?P<a>\d+)\) must match the size of tensor b \((?P<b>\d+)\) at "
        r"non-singleton dimension (?P<dimension>\d+)",
        operands.shapes_broadcast,
    ),
    "channels": (
        r"weight of size \[(?P<weight>[\d, ]+)\], expected input\[(?P<input>[\d, ]+)\] to have "
        r"(?P<expected>\d+) channels, but got (?P<given>\d+) channels",
        operands.channels,
    ),
    "class-out-of-bounds": (
        r"Target (?P<target>-?\d+) is out of bounds",
        operands.class_out_of_bounds,
    ),
    "dtypes": (
        r"must have the same dtype, but got (?P<got>\w+) and (?P<other>\w+)"
        r"|[Ff]ound dtype (?P<found>\w+) but expected (?P<expected>\w+)"
        r"|expected scalar type (?P<wanted>\w+) but found (?P<was>\w+)"
        r"|expected target dtype to be (?P<classes>\w+)( or \w+)?, but got (?P<target>\w+)"
        r"|expected m1 and m2 to have the same dtype, but got: (?P<m1>[\w: ]+?) != (?P<m2>[\w: ]+)"
        r"|not implemented for '(?P<unsupported>\w+)'",
        operands.dtypes,
    ),
}


def explain_failure(recording: Recording) -> Failure | None:
    """Return why the run ended with an error, None where it did not or nothing is known of it."""
    incident = next((i for i in reversed(recording.incidents) if i.kind == "exception"), None)
    if incident is None:
        return None
    error = str(incident.detail.get("message", ""))
    for kind, (words, teller) in KINDS.items():
        match = re.search(words, error)
        if match is not None:
            with recording.guard("the step that raised"):
                return _told(recording, incident, kind, error, teller, match)
    return None


def _told(
    recording: Recording,
    incident: Incident,
    kind: str,
    error: str,
    teller: _Teller,
    match: re.Match[str],
) -> Failure | None:
    scene = Scene(recording, incident)
    account = teller(scene, match)
    fixes = () if account is None else account.fixes
    facts = () if account is None else account.facts
    if not scene.exact:
        facts = (*facts, Fact(message("failure-run-again", step=str(incident.step or 0))))
    if not facts and not fixes:
        return None
    return Failure(kind, error, incident.step or 0, incident.site, facts, fixes, scene.exact)
