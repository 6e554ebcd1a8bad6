"""The card of a tensor as JSON."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from retrograd.commands.explain import numbers
from retrograd.explain.symbols import Symbols
from retrograd.explain.tensor_card import TensorCard
from retrograd.explain.tensor_card_precision import Precision
from retrograd.messages import Catalogue


def as_json(card: TensorCard, words: Catalogue) -> dict[str, Any]:
    """Return everything as one JSON object; reasons stand with their text."""
    slot = card.value.slot
    known = card.autograd
    return {
        "name": card.symbol,
        "step": card.step.index,
        "value": numbers(card.value),
        "rank": card.rank,
        "shape": list(slot.shape),
        "dimensions": [
            {"length": item.length, "role": None if item.role is None else words.text(item.role)}
            for item in card.dimensions
        ],
        "dtype": slot.dtype,
        "precision": None if card.precision is None else _precision(card.precision),
        "device": slot.device,
        "memory": _memory(card),
        "requires_grad": known.requires_grad,
        "leaf": known.leaf,
        "why": words.text(known.why),
        "grad_fn": known.way[0].node.name if known.way else None,
        "leads_to": [{"node": item.node.name, "leaf": item.leaf} for item in known.way[1:]],
        "kept_by": [
            {"node": item.node.name, "as": item.name, "freed": item.freed} for item in known.kept
        ],
        "written_by": [event.index for event in known.writes],
        "grad": [
            {
                "event": entry.event.index,
                "kind": entry.event.kind,
                "before": numbers(entry.before),
                "contribution": numbers(entry.contribution),
                "after": numbers(entry.after),
            }
            for entry in known.grads
        ],
        "no_grad": None if known.no_grad is None else words.text(known.no_grad),
        "uses": [
            {
                "event": use.event.index,
                "what": words.text(use.what),
                "broadcast": None if use.broadcast is None else list(use.broadcast),
            }
            for use in card.uses
        ],
        "namesakes": list(card.target.namesakes),
    }


def _precision(known: Precision) -> dict[str, Any]:
    floating = known.kind in ("float", "complex")
    return {
        "kind": known.kind,
        "bits": known.bits,
        "smallest": known.smallest,
        "largest": known.largest,
        "eps": known.eps if floating else None,
        "one_tenth": str(known.rounded(Fraction(1, 10))) if floating else None,
    }


def _memory(card: TensorCard) -> dict[str, Any]:
    memory, symbols = card.memory, Symbols(card.step)
    layout = memory.layout
    return {
        "stride": list(layout.stride),
        "storage_offset": layout.offset,
        "item_bytes": memory.item,
        "contiguous": layout.contiguous if len(layout.stride) == card.rank else None,
        "expanded": list(layout.expanded) if len(layout.stride) == card.rank else None,
        "view_of": None if memory.made_of is None else symbols.of(memory.made_of),
        "viewed_by": None if memory.view is None else memory.view.index,
        "shared_with": [
            {
                "name": symbols.of(sharer.value),
                "shape": list(sharer.layout.shape),
                "stride": list(sharer.layout.stride),
                "storage_offset": sharer.layout.offset,
                "event": None if sharer.op is None else sharer.op.index,
                "written": sharer.written,
                "overlaps": sharer.overlaps,
            }
            for sharer in memory.sharers
        ],
    }
