"""The provenance of a number as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from retrograd.commands import text
from retrograd.explain.check import Check
from retrograd.explain.provenance import Contribution, ParameterGradient, Provenance, Updated
from retrograd.explain.provenance_gradient import GradientOrigin
from retrograd.explain.provenance_history import History
from retrograd.explain.provenance_origin import Origin
from retrograd.explain.samples import NotSplit, Shares
from retrograd.explain.samples_chain import Chain
from retrograd.messages import Catalogue, Message

_MOVES = 20


def as_json(found: Provenance, words: Catalogue) -> dict[str, Any]:
    """Return everything as one JSON object; reasons stand with their text."""
    return {
        "target": found.target.label,
        "kind": found.target.kind.value,
        "step": found.index,
        "full": found.step is not None,
        "number": found.number,
        "light": None if found.light is None else asdict(found.light),
        "namesakes": list(found.target.namesakes),
        "updates": [_update(update) for update in found.updates],
        "gradient": None if found.gradient is None else _gradient(found.gradient, words),
        "history": None if found.history is None else _history(found.history),
        "origin": None if found.origin is None else _origin(found.origin, words),
        "upstream": None if found.upstream is None else _upstream(found.upstream, words),
    }


def _reason(reason: Message | None, words: Catalogue) -> dict[str, Any] | None:
    if reason is None:
        return None
    return {"id": reason.id, "arguments": dict(reason.arguments), "text": words.text(reason)}


def _update(item: Updated) -> dict[str, Any]:
    return {
        "event": item.update.index,
        "optimizer": None if item.update.manual else item.update.name,
        "before": item.before,
        "gradient": item.gradient,
        "after": item.after,
        "terms": [
            {"symbol": term.symbol, "formula": term.formula.unicode(term.names)}
            for term in item.explained.terms
        ],
    }


def _gradient(item: ParameterGradient, words: Catalogue) -> dict[str, Any]:
    return {
        "before": item.before,
        "contributions": [_contribution(part, words) for part in item.contributions],
        "changes": [
            {"event": change.event.index, "before": change.before, "after": change.after}
            for change in item.changes
        ],
        "cleared": list(item.cleared),
        "after": item.after,
    }


def _contribution(item: Contribution, words: Catalogue) -> dict[str, Any]:
    nodes = item.through.step.nodes
    return {
        "pass": item.through.call.number,
        "amount": item.amount,
        "paths": {
            "count": item.paths.count,
            "paths": [
                {"nodes": [nodes[node].name for node in path.nodes], "amount": path.amount}
                for path in item.paths.paths
            ],
            "uses": [
                {"node": nodes[use.node].name, "amount": use.amount} for use in item.paths.uses
            ],
            "reason": _reason(item.paths.reason, words),
        },
        "samples": _samples(item, words),
        "origins": [_upstream(origin, words) for origin in item.origins],
    }


def _samples(item: Contribution, words: Catalogue) -> dict[str, Any]:
    split: Shares | NotSplit = item.samples
    if isinstance(split, NotSplit):
        return {"reason": _reason(split.reason, words)}
    return {
        "size": split.size,
        "rest": split.rest,
        "sum": split.sum,
        "recorded": split.recorded,
        "difference": split.difference,
        "shares": [
            {
                "example": share.example,
                "amount": share.amount,
                "chain": _chain(item.chains.get(share.example)),
                "inputs": [
                    {
                        "name": part.name,
                        "shape": list(part.shape),
                        "values": None if part.values is None else part.values.tolist(),
                    }
                    for part in share.inputs
                ],
            }
            for share in split.shares
        ],
    }


def _chain(chain: Chain | None) -> dict[str, Any] | None:
    if chain is None:
        return None
    return {
        "upstream": chain.upstream,
        "factors": [
            {"node": factor.node, "index": list(factor.index), "local": factor.local}
            for factor in chain.factors
        ],
    }


def _history(item: History) -> dict[str, Any]:
    return {
        "first": item.first,
        "every_step": item.every_step,
        "steps": len(item.steps),
        "moves": [
            {"step": move.step, "before": move.before, "after": move.after}
            for move in item.moves[:_MOVES]
        ],
    }


def _check(check: Check | None) -> dict[str, Any] | None:
    if check is None:
        return None
    return {
        "status": check.status.value,
        "reason": check.reason,
        "difference": check.difference,
        "tolerance": check.tolerance,
    }


def _origin(item: Origin, words: Catalogue) -> dict[str, Any]:
    return {
        "label": item.label,
        "number": item.number,
        "op": None if item.op is None else item.op.name,
        "event": None if item.op is None else item.op.index,
        "place": None if item.op is None else text.place(item.op.site),
        "worked": None if item.worked is None else item.worked.numbers,
        "check": _check(item.check),
        "count": item.count,
        "entered": [
            {
                "label": entered.label,
                "argument": entered.operand.argument,
                "number": entered.operand.number,
                "derivative": entered.operand.derivative,
                "origin": None if entered.origin is None else _origin(entered.origin, words),
            }
            for entered in item.entered
        ],
        "reason": _reason(item.reason, words),
    }


def _upstream(item: GradientOrigin, words: Catalogue) -> dict[str, Any]:
    return {
        "label": item.label,
        "number": item.number,
        "put_in": item.seed,
        "sources": [
            {
                "event": source.run.index,
                "op": None if source.op is None else source.op.name,
                "amount": source.amount,
                "count": source.count,
                "terms": [
                    {
                        "label": via.label,
                        "upstream": via.term.upstream,
                        "local": via.term.local,
                        "origin": None if via.origin is None else _upstream(via.origin, words),
                    }
                    for via in source.terms
                ],
                "reason": _reason(source.reason, words),
            }
            for source in item.sources
        ],
    }
