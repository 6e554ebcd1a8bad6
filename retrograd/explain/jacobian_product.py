"""Products of two tensors: which element of one factor is which entry of the Jacobian.

A product such as ``Y[i,k] = Σⱼ A[i,j] · B[j,k]`` is linear in each factor, so the derivative of
an element of Y by an element of one factor *is* an element of the other one, or zero. A row or a
column of the Jacobian is therefore a slice of a factor, and costs no more than that slice, however
large the product is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from retrograd.explain.arguments import NotKept, wide
from retrograd.explain.jacobian_line import Line
from retrograd.store.elements import Array
from retrograd.store.model import Op
from retrograd.store.value import Value

Index = tuple[int, ...]

# Names of the factors, and the indices of left, right and result. Letters that the result lacks
# are summed.
_PRODUCTS: Final = {
    "mm": ("self", "mat2", "ij", "jk", "ik"),
    "bmm": ("self", "mat2", "bij", "bjk", "bik"),
    "addmm": ("mat1", "mat2", "ij", "jk", "ik"),
    "baddbmm": ("batch1", "batch2", "bij", "bjk", "bik"),
    "addbmm": ("batch1", "batch2", "bij", "bjk", "ik"),
    "mv": ("self", "vec", "ij", "j", "i"),
    "addmv": ("mat", "vec", "ij", "j", "i"),
    "dot": ("self", "tensor", "j", "j", ""),
    "addr": ("vec1", "vec2", "i", "k", "ik"),
}


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of a product: ``result[out] = Σ own[mine] · other[theirs]``."""

    name: str
    own: Value
    other: Value
    other_name: str
    mine: str  # letters of the indices of the factor that is differentiated by
    theirs: str  # letters of the other factor
    out: str  # letters of the result
    scale: Any
    left: bool

    @property
    def lengths(self) -> dict[str, int]:
        """The length of each letter's dimension."""
        shapes = zip(self.mine + self.theirs, self.own.shape + self.other.shape, strict=True)
        return dict(shapes)

    @property
    def summed(self) -> str:
        """The letters that are summed over."""
        return "".join(letter for letter in self.mine if letter not in self.out)

    @property
    def kept(self) -> str:
        """Letters of the factor that the result has too: they must agree for an entry."""
        return "".join(letter for letter in self.mine if letter in self.out)

    @property
    def free(self) -> str:
        """Letters of the result that the factor lacks."""
        return "".join(letter for letter in self.out if letter not in self.mine)

    @property
    def multiplications(self) -> int:
        """How many products the whole matrix product takes."""
        return int(np.prod(list(self.lengths.values()), dtype=object))

    def row(self, index: Index) -> Line:
        """Return the derivatives of one element of the result, in the shape of the factor."""
        fixed = dict(zip(self.out, index, strict=True))
        values = self._slice(fixed, self.summed)
        lengths = self.lengths
        box = tuple([1 if letter in fixed else lengths[letter] for letter in self.mine])
        corner = tuple([fixed.get(letter, 0) for letter in self.mine])
        return Line(self.own.shape, corner, values.reshape(box))

    def column(self, index: Index) -> Line:
        """Return the derivatives by one element of the factor, in the shape of the result."""
        fixed = dict(zip(self.mine, index, strict=True))
        values = self._slice(fixed, self.free)
        lengths = self.lengths
        box = tuple([1 if letter in fixed else lengths[letter] for letter in self.out])
        corner = tuple([fixed.get(letter, 0) for letter in self.out])
        return Line(tuple([lengths[letter] for letter in self.out]), corner, values.reshape(box))

    def _slice(self, fixed: dict[str, int], order: str) -> Array:
        """Return the other factor with some letters fixed, the remaining ones in an order."""
        left = [letter for letter in self.theirs if letter not in fixed]
        place: Array = np.zeros((), np.int64)  # of each element, counted in row-major order
        for letter, length in zip(self.theirs, self.other.shape, strict=True):
            along = np.asarray(fixed[letter]) if letter in fixed else np.arange(length)
            place = place[..., None] * length + along if along.ndim else place * length + along
        part = self.other.part(place)
        if part is None:
            raise NotKept(self.other.slot.why or "values-not-kept")
        part = np.transpose(part, [left.index(letter) for letter in order if letter in left])
        wanted = np.complex128 if part.dtype.kind == "c" else np.float64
        return np.asarray(part.astype(wanted) * self.scale)

    @property
    def foldable(self) -> bool:
        """Whether the Jacobian repeats the whole other factor, not a part of it for each batch."""
        return not set(self.theirs) & set(self.kept)

    @property
    def folded(self) -> Array | None:
        """The other factor as the matrix that the Jacobian repeats, None where not kept."""
        if self.other.array is None:
            return None
        rows = int(np.prod([self.lengths[letter] for letter in self.free], dtype=int))
        return self._slice({}, self.free + self.summed).reshape(rows, -1)

    @property
    def transposed(self) -> bool:
        """Whether the Jacobian repeats the transpose of the other factor."""
        if len(self.theirs) == 1:  # a vector stands as a row where it is summed over
            return bool(self.summed)
        return self.free + self.summed != self.theirs and len(self.theirs) == 2

    @property
    def single(self) -> bool:
        """Whether the letters that must agree can only be 0: the Jacobian is the other factor."""
        return all(self.lengths[letter] == 1 for letter in self.kept)


def factor(op: Op, name: str) -> Factor | None:
    """Return the factor that an argument of a product is, None for other ops and arguments."""
    plain = op.name.removeprefix("aten::").partition(".")[0].rstrip("_")
    known = _PRODUCTS.get(plain)
    if known is None or name not in known[:2]:
        return None
    left, right, left_letters, right_letters, out = known
    first, second = op.arguments.get(left), op.arguments.get(right)
    if not isinstance(first, Value) or not isinstance(second, Value):
        return None
    scale = wide(op.arguments.get("alpha", 1))
    if name == left:
        return Factor(
            left, first, second, right, left_letters, right_letters, out, scale, left=True
        )
    return Factor(right, second, first, left, right_letters, left_letters, out, scale, left=False)
