"""The table of examples: each one's share of a gradient, its inputs, and the factors behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from rich.cells import cell_len

from retrograd.commands import text
from retrograd.explain.notation import number
from retrograd.explain.provenance import Contribution
from retrograd.explain.samples import Input, Share, Shares
from retrograd.explain.samples_chain import Chain
from retrograd.explain.symbols import Symbols
from retrograd.messages import Catalogue
from retrograd.messages.message import message

SHOWN: Final = 10
"""Most examples that have a row of their own."""
_NARROWEST: Final = 12
"""Columns that the inputs have at least."""
_ELEMENTS: Final = 6
"""Most elements of an input that are written out."""


def rows(
    part: Contribution, split: Shares, name: str, words: Catalogue, width: int
) -> Iterator[str]:
    """Yield the lines of the table, largest share first."""
    shown = split.shares[:SHOWN]
    nodes = _common(part, shown)
    heads = _heads(part, nodes, name) if nodes else []
    table = [_row(share, part.chains.get(share.example), nodes) for share in shown]
    rest = split.shares[SHOWN:]
    if rest:
        more = words.text(message("why-more-examples", count=len(rest)))
        table.append([more, "", number(sum(share.amount for share in rest))])
    if split.rest:
        table.append([words.text(message("why-rest")), "", number(split.rest)])
    table.append([words.text(message("why-sum")), "", number(split.sum)])
    first = [words.text(message("why-example")), "", words.text(message("why-share")), *heads]
    if heads and _room(table, first) > width:
        named = [f"f{i + 1}" for i in range(len(heads))]
        listed = [f"{short} = {head}" for short, head in zip(named, heads, strict=True)]
        yield from _packed(listed, width)
        first[3:] = named
    yield from _aligned([first, *_narrowed(table, _room(table, first) - width)])


def _narrowed(table: list[list[str]], excess: int) -> list[list[str]]:
    """Cut the inputs where the table would be wider than the terminal."""
    room = max(max(cell_len(row[1]) for row in table) - max(excess, 0), _NARROWEST)
    return [[row[0], _cut(row[1], room), *row[2:]] for row in table]


def _cut(line: str, room: int) -> str:
    return line if cell_len(line) <= room else f"{line[: room - 1]}…"


def _common(part: Contribution, shown: tuple[Share, ...]) -> tuple[int, ...]:
    """Return the nodes that most of the shown examples' chains go through."""
    ways = Counter(
        tuple(factor.node for factor in chain.factors)
        for share in shown
        if (chain := part.chains.get(share.example)) is not None
    )
    return ways.most_common(1)[0][0] if ways else ()


def _heads(part: Contribution, nodes: tuple[int, ...], name: str) -> list[str]:
    """Return ``∂loss/∂output`` and so on, from the loss to the parameter."""
    symbols = Symbols(part.through.step)
    chain = next(
        chain for chain in part.chains.values() if tuple(f.node for f in chain.factors) == nodes
    )
    made = []
    for factor in chain.factors:
        op = part.through.step.nodes[factor.node].op
        event: Any = None if op is None else part.through.step.events[op]
        made.append(text.safe(symbols.of(event.outputs[factor.output])))
    below = [*made[1:], text.safe(name)]
    heads = [f"∂{a}/∂{b}" for a, b in zip(made, below, strict=True)]
    if made[0] == symbols.loss and chain.upstream == 1:
        return heads
    return [f"∂{text.safe(symbols.loss)}/∂{made[0]}", *heads]


def _row(share: Share, chain: Chain | None, nodes: tuple[int, ...]) -> list[str]:
    given = "  ".join(_input(part) for part in share.inputs)
    cells = [f"#{share.example}", given, number(share.amount or 0.0)]
    if chain is not None and tuple(factor.node for factor in chain.factors) == nodes:
        factors = [number(factor.local) for factor in chain.factors]
        cells += factors if chain.upstream == 1 else [number(chain.upstream), *factors]
    return cells


def _input(part: Input) -> str:
    name = f"{text.safe(part.name)} = " if part.name else ""
    if part.values is None:
        return f"{name}({text.shape(part.shape)})"
    if part.values.size > _ELEMENTS:
        return f"{name}({text.shape(part.values.shape)})"
    cells = [number(cell) for cell in part.values.reshape(-1)]
    return name + (cells[0] if np.size(part.values) == 1 else f"[{', '.join(cells)}]")


def _room(table: list[list[str]], first: list[str]) -> int:
    return sum(
        max(cell_len(row[i]) for row in [first, *table] if i < len(row)) + 3
        for i in range(len(first))
    )


def _packed(items: list[str], width: int) -> Iterator[str]:
    """Yield items side by side, as many as fit a line."""
    room = max(cell_len(item) for item in items) + 3
    each = max((width - 2) // room, 1)
    for start in range(0, len(items), each):
        line = "".join(f"{item:<{room}}" for item in items[start : start + each])
        yield f"  {line.rstrip()}"


def _aligned(table: list[list[str]]) -> Iterator[str]:
    """Yield the rows with aligned columns: texts to the left, numbers to the right."""
    count = max(len(row) for row in table)
    widths = [
        max((cell_len(row[i]) for row in table if i < len(row)), default=0) for i in range(count)
    ]
    for place, row in enumerate(table):
        line = ""
        for column, cell in enumerate(row):
            gap = " " * (widths[column] - cell_len(cell))
            if column < 2:
                line += f"{cell}{gap}  " if widths[column] else ""
            elif column == 2:
                line += f"{gap}{cell}"
            else:
                line += f"{' = ' if column == 3 else ' · '}{gap}{cell}"
        yield f"  {line.rstrip()}"
        if place == 0:
            yield ""
