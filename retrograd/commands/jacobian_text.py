"""Puts the Jacobian of one op into text: for a terminal, as Markdown, as LaTeX."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from retrograd.commands import text
from retrograd.commands.prose import beside, ruled, wrapped
from retrograd.commands.story_text import text_index, verdict
from retrograd.explain.jacobian import Block, Jacobian
from retrograd.explain.jacobian_fold import FoldStep
from retrograd.explain.jacobian_line import Index, Line
from retrograd.explain.jacobian_map import flattened, unravelled
from retrograd.explain.jacobian_structure import drawing
from retrograd.explain.notation import latex_symbol, number
from retrograd.messages import Catalogue
from retrograd.messages.message import Message, message
from retrograd.store.elements import Array
from retrograd.store.value import Value, statistics

_INDENT: Final = "  "
_SHOWN: Final = 256
"""Most elements of a row or column that are printed one by one."""
_LATEX: Final = 20
"""Most rows and columns of a matrix in LaTeX."""


def lines(found: Jacobian, words: Catalogue) -> Iterator[str]:
    """Yield the lines for a terminal."""
    width = min(max(shutil.get_terminal_size((80, 24)).columns, 60), 100)
    yield from _wrapped(_title(found, words), width, "")
    yield from _origin(found)
    for note in found.notes:
        yield from _wrapped(words.text(note), width, "")
    for block in found.blocks:
        yield ""
        yield from ruled(text.safe(_name(found, block)), width)
        yield ""
        yield from _derivatives(found, block, words, width)
        yield ""
        for sentence in _structure(block, words):
            yield from _wrapped(sentence, width, "")
        yield ""
        yield words.text(message("jacobian-steps"))
        for count, step in enumerate(block.fold, 1):
            yield from _step(count, step, words, width)
        yield from _numbers(found, block, words, width)


def _title(found: Jacobian, words: Catalogue) -> str:
    return words.text(message("jacobian-title", result=found.symbol, operation=_operation(found)))


def _operation(found: Jacobian) -> str:
    return f"{found.op.name.removeprefix('aten::').partition('.')[0]}(…)"


def _origin(found: Jacobian) -> Iterator[str]:
    site, node = found.op.site, found.op.node
    named = "" if node is None else f"   {found.step.nodes[node].name}"
    place = text.place(site)
    formula = found.formula.unicode(found.names)
    if "(" not in found.symbol and not formula.startswith("("):
        yield f"{_INDENT}{text.safe(f'{found.symbol} = {formula}')}"
    expression = "" if site is None else text.safe(" ".join(site.expression.split()))
    yield f"{_INDENT}{place}  {expression}{text.safe(named)}".rstrip()


def _name(found: Jacobian, block: Block) -> str:
    return f"∂{found.symbol}/∂{block.symbol}"


def _wrapped(sentence: str, width: int, indent: str) -> Iterator[str]:
    for row in wrapped(text.safe(sentence), width - len(indent)):
        yield indent + row


# -- the numbers ----------------------------------------------------------------------------------


def _derivatives(found: Jacobian, block: Block, words: Catalogue, width: int) -> Iterator[str]:
    """Yield what was asked for: one entry, a row, a column, or all of it."""
    entry = block.entry
    asked_for_all = block.line is None or 1 in (block.rows, block.columns)
    if entry is not None and not asked_for_all:
        name = f"∂{_element(found.symbol, block.row)}/∂{_element(block.symbol, block.column)}"
        yield text.safe(words.text(message("jacobian-entry", name=name, value=number(entry))))
        return
    if asked_for_all and block.matrix is not None and block.pattern is not None:
        rows = _matrix(found, block, width)
        if rows is not None or block.line is None:
            yield from _wrapped(_whole(found, block, words), width, "")
            picture = drawing(block.pattern, block.matrix)
            yield from rows or (_INDENT + row for row in picture)
            if rows is None:
                yield from _wrapped(words.text(message("jacobian-wide")), width, "")
            yield from _legend(block, words)
            return
    assert block.line is not None
    yield from _wrapped(words.text(_asked(found, block)), width, "")
    yield from tensor(block.line, words, width)


def _whole(found: Jacobian, block: Block, words: Catalogue) -> str:
    return words.text(
        message(
            "jacobian-whole",
            name=_name(found, block),
            rows=str(block.rows),
            columns=str(block.columns),
            result=found.symbol,
            input=block.symbol,
            outputs=text.shape(found.result.shape),
            inputs=text.shape(block.value.shape),
        )
    )


def _asked(found: Jacobian, block: Block) -> Message:
    is_row = block.row is not None
    index, value = (block.row, found.result) if is_row else (block.column, block.value)
    assert index is not None
    return message(
        "jacobian-row" if is_row else "jacobian-column",
        name=_name(found, block),
        number=str(flattened(index, value.shape)),
        element=_element(found.symbol if is_row else block.symbol, index),
        result=found.symbol,
        input=block.symbol,
        shape=text.shape(block.value.shape if is_row else found.result.shape),
    )


def _element(symbol: str, index: Index | None) -> str:
    return f"{symbol}{text_index(index or ())}"


def _matrix(found: Jacobian, block: Block, width: int) -> list[str] | None:
    """Return the matrix with a label for each row and column, None where it is too wide.

    Where room is short the columns are counted as ``--col`` counts them, and numbers get shorter.
    """
    assert block.matrix is not None and block.pattern is not None
    left = [_label(found.symbol, found.result, row) for row in range(block.rows)]
    above = [_label(block.symbol, block.value, column) for column in range(block.columns)]
    counted = [str(column) for column in range(block.columns)]
    for head, digits in (
        (above, 4),
        ([label.removeprefix(block.symbol) for label in above], 4),
        (counted, 4),
        (counted, 2),
    ):
        cells = [
            [number(x, digits) if may else "·" for x, may in zip(*both, strict=True)]
            for both in zip(block.matrix, block.pattern, strict=True)
        ]
        rows = _table([text.safe(label) for label in left], [text.safe(h) for h in head], cells)
        if len(rows[0]) <= width:
            return rows
    return None


def _label(symbol: str, value: Value, flat: int) -> str:
    return _element(symbol, unravelled(flat, value.shape))


def _table(left: Sequence[str], above: Sequence[str], cells: Sequence[Sequence[str]]) -> list[str]:
    columns = zip(above, zip(*cells, strict=True), strict=True)
    widths = [max(len(head), *map(len, column)) for head, column in columns]
    margin = max(map(len, left))
    rows = [f"{_INDENT}{'':{margin}}{_row(above, widths)}"]
    for label, row in zip(left, cells, strict=True):
        rows.append(f"{_INDENT}{label:>{margin}}{_row(row, widths)}")
    return rows


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(f"  {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _legend(block: Block, words: Catalogue) -> Iterator[str]:
    assert block.matrix is not None and block.pattern is not None
    if not block.pattern.all():
        here = bool((block.matrix[block.pattern] == 0).any())
        yield words.text(message("jacobian-legend-here" if here else "jacobian-legend"))


def tensor(line: Line, words: Catalogue, width: int) -> Iterator[str]:
    """Yield a row or column: its elements, or of a large one those that are not zero."""
    if line.count <= _SHOWN:
        yield from _elements(line.dense)
        return
    if not line.whole:
        box = ",".join(
            str(start) if length == 1 else ":" if length == full else f"{start}:{start + length}"
            for start, length, full in zip(line.corner, line.values.shape, line.shape, strict=True)
        )
        outside = message(
            "jacobian-outside-box",
            box=f"[{box}]",
            nonzero=f"{line.nonzero:,}",
            count=f"{line.count:,}",
        )
        yield from _wrapped(words.text(outside), width, _INDENT)
    inside = np.squeeze(line.values)
    if inside.size <= _SHOWN:
        yield from _elements(inside)
        return
    first = ", ".join(number(item) for item in inside.reshape(-1)[:8])
    figures = statistics(inside)
    yield (
        f"{_INDENT}({text.shape(inside.shape)}) [{first}, …]: min {text.number(figures.min)}, "
        f"max {text.number(figures.max)}, norm {text.number(figures.norm)}"
    )


def _elements(array: Array) -> Iterator[str]:
    """Yield all elements, those of more than two dimensions as one matrix after the other."""
    if array.ndim <= 2:
        for row in text.elements(array):
            yield _INDENT + row
        return
    for place in np.ndindex(array.shape[:-2]):
        yield f"{_INDENT}[{','.join(map(str, place))},:,:]"
        for row in text.elements(array[place]):
            yield _INDENT * 2 + row


# -- structure, steps, vᵀJ ------------------------------------------------------------------------


def _structure(block: Block, words: Catalogue) -> Iterator[str]:
    finding = block.structure
    kind = f"jacobian-kind-{finding.kind}"
    if finding.kind == "block-diagonal" and not finding.counted:
        kind += "-by-rule"
    named = words.text(message(kind, blocks=str(finding.blocks)))
    said = words.text(message("jacobian-structure", structure=named))
    if not finding.counted:
        how = words.text(message("jacobian-by-rule-only"))
    elif finding.agrees:
        how = words.text(message("jacobian-by-numbers"))
    else:
        how = words.text(message("jacobian-against-rule", claim=finding.claim.value))
    yield f"{said}. {how}"


def _step(count: int, step: FoldStep, words: Catalogue, width: int) -> Iterator[str]:
    indent = " " * 5
    for place, row in enumerate(_wrapped(words.text(step.text), width, indent)):
        yield f"{count:>3}. {row[5:]}" if place == 0 else row
    if step.formula is not None:
        equal = "" if step.equal is None else words.text(_equal(step.equal))
        yield f"{indent}{_INDENT}{text.safe(step.formula)}   {equal}".rstrip()
    if step.matrix is not None and step.matrix.ndim <= 2:
        yield from _beside(f"{indent}{_INDENT}{step.label} = ", text.elements(step.matrix), width)


def _equal(equal: bool) -> Message:
    return message("jacobian-equal" if equal else "jacobian-unequal")


def _beside(label: str, rows: Sequence[str], width: int) -> Iterator[str]:
    yield from beside(text.safe(label), rows, width, 9)


def _numbers(found: Jacobian, block: Block, words: Catalogue, width: int) -> Iterator[str]:
    """Yield vᵀJ with the recorded numbers, beside what PyTorch sent."""
    if block.check is None:
        return
    indent = " " * 5
    yield from _wrapped(words.text(message("jacobian-numbers")), width, indent)
    if block.upstream is not None:
        shape = text.shape(block.upstream.shape)
        yield from _beside(
            f"{indent}{_INDENT}v = {found.gradient} ({shape}) = ",
            text.value(block.upstream, width - 9),
            width,
        )
    if block.product is not None and block.product.size <= 64 and block.product.ndim <= 2:
        yield from _beside(
            f"{indent}{_INDENT}vᵀJ = ", text.elements(block.product, width - 9), width
        )
    if block.downstream is not None:
        name = f"{found.gradient.rpartition('/∂')[0]}/∂{block.symbol}"
        label = f"{indent}{_INDENT}PyTorch: {name} = "
        yield from _beside(label, text.value(block.downstream, width - 9), width)
    yield from _wrapped(verdict(block.check, words), width, f"{indent}{_INDENT}")


# -- to paste -------------------------------------------------------------------------------------


def markdown(found: Jacobian, words: Catalogue) -> Iterator[str]:
    """Yield Markdown, formulas as LaTeX and numbers as text."""
    yield f"# {text.safe(_title(found, words))}\n"
    for note in found.notes:
        yield f"{text.safe(words.text(note))}\n"
    for block in found.blocks:
        yield f"## {text.safe(_name(found, block))}\n"
        yield "```text"
        yield from _derivatives(found, block, words, 100)
        yield "```\n"
        yield from (f"{text.safe(sentence)}\n" for sentence in _structure(block, words))
        yield f"$${_gradient(found, block)} = {block.formula.latex(block.names)}$$\n"
        for count, step in enumerate(block.fold, 1):
            yield f"{count}. {text.safe(words.text(step.text))}"
            if step.formula is not None:
                yield f"   `{text.safe(step.formula)}`"
        yield ""
        if block.check is not None:
            yield "```text"
            yield from (row.removeprefix(" " * 5) for row in _numbers(found, block, words, 100))
            yield "```\n"


def latex(found: Jacobian) -> Iterator[str]:
    """Yield one aligned equation for each matrix, row or column, and each vᵀJ."""
    yield r"\begin{align*}"
    for block in found.blocks:
        name = rf"\frac{{\partial {latex_symbol(found.symbol)}}}"
        name += rf"{{\partial {latex_symbol(block.symbol)}}}"
        shown = block.matrix
        if block.entry is not None and 1 not in (block.rows, block.columns):
            shown = np.asarray([[block.entry]])
        elif block.line is not None and block.line.count <= _LATEX**2:
            shown = np.atleast_2d(block.line.dense)
        if block.line is not None and 1 not in (block.rows, block.columns):
            rows = [f"{i}" for i in (block.row or ())] or [":"]
            columns = [f"{i}" for i in (block.column or ())] or [":"]
            name += rf"\Big|_{{{','.join(rows)};\,{','.join(columns)}}}"
        if shown is not None and shown.ndim == 2 and max(shown.shape) <= _LATEX:
            yield rf"  {name} &= {_pmatrix(shown)} \\"
        yield rf"  {_gradient(found, block)} &= {block.formula.latex(block.names)} \\"
    yield r"\end{align*}"


def _gradient(found: Jacobian, block: Block) -> str:
    return latex_symbol(f"{found.gradient.rpartition('/∂')[0]}/∂{block.symbol}")


def _pmatrix(array: Array) -> str:
    rows = [" & ".join(number(item).replace("−", "-") for item in row) for row in array]
    joined = r" \\ ".join(rows)
    return rf"\begin{{pmatrix}} {joined} \end{{pmatrix}}"
