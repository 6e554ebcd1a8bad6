"""The Jacobian of one op as plain data."""

from __future__ import annotations

from typing import Any

from retrograd.explain.jacobian import Block, Jacobian
from retrograd.explain.jacobian_fold import FoldStep
from retrograd.explain.jacobian_line import Line
from retrograd.messages import Catalogue
from retrograd.store.elements import Array

_DENSE = 65536
"""Most elements of a row or column that are listed with their zeros."""


def as_json(found: Jacobian, words: Catalogue) -> dict[str, Any]:
    """Return everything that was found."""
    node = found.op.node
    return {
        "step": found.step.index,
        "event": found.op.index,
        "op": found.op.name,
        "node": None if node is None else found.step.nodes[node].name,
        "output": {
            "symbol": found.symbol,
            "number": found.target.output,
            "shape": list(found.result.shape),
        },
        "formula": found.formula.unicode(found.names),
        "blocks": [_block(found, block, words) for block in found.blocks],
        "notes": [words.text(note) for note in found.notes],
    }


def _block(found: Jacobian, block: Block, words: Catalogue) -> dict[str, Any]:
    finding, check = block.structure, block.check
    return {
        "name": f"∂{found.symbol}/∂{block.symbol}",
        "input": {
            "argument": block.argument,
            "symbol": block.symbol,
            "shape": list(block.value.shape),
        },
        "shape": [block.rows, block.columns],
        "structure": {
            "name": finding.structure.value,
            "kind": finding.kind,
            "rule": finding.claim.value,
            "agrees": finding.agrees,
            "by_numbers": finding.counted,
            "blocks": finding.blocks if finding.counted else None,
            "nonzero": finding.nonzero if finding.counted else None,
        },
        "convention": block.convention.value,
        "matrix": _listed(block.matrix),
        "pattern": None if block.pattern is None else block.pattern.astype(int).tolist(),
        "row": None if block.row is None else list(block.row),
        "col": None if block.column is None else list(block.column),
        "line": None if block.line is None else _line(block.line),
        "entry": block.entry,
        "vjp": {
            "formula": block.formula.unicode(block.names),
            "latex": block.formula.latex(block.names),
            "upstream": _listed(None if block.upstream is None else block.upstream.array),
            "value": _listed(block.product),
            "downstream": _listed(None if block.downstream is None else block.downstream.array),
        },
        "check": None
        if check is None
        else {
            "status": check.status.value,
            "reason": check.reason,
            "difference": check.difference,
            "tolerance": check.tolerance,
        },
        "fold": [_step(step, words) for step in block.fold],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "shape": list(line.shape),
        "nonzero": line.nonzero,
        "corner": list(line.corner),
        "box": line.values.tolist(),
        "values": line.dense.tolist() if line.count <= _DENSE else None,
    }


def _step(step: FoldStep, words: Catalogue) -> dict[str, Any]:
    return {
        "text": words.text(step.text),
        "formula": step.formula,
        "matrix": _listed(step.matrix),
        "equal": step.equal,
    }


def _listed(array: Array | None) -> Any:
    return None if array is None or array.size > _DENSE else array.tolist()
