"""Prints which autograd nodes and ops the derivative rules cover: ``make coverage-rules``.

``--ops REGEX`` looks at some of PyTorch's operators only, ``--programs`` at the programs under
``tests/programs`` instead, ``--cache FOLDER`` keeps the recordings for the next time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent.parent)]

import opdb  # noqa: E402

GROUP = 20
"""Operators in one recording."""


def operator_recordings(folder: Path) -> Iterator[Path]:
    """Yield recordings of all operators, making those that are not in the folder."""
    ops = opdb.operators()
    for start in range(0, len(ops), GROUP):
        path = folder / f"ops-{start}.retro"
        if not Path(f"{path}.json").exists():
            path.unlink(missing_ok=True)
            opdb.record(ops[start : start + GROUP], path)
        yield path


def report(kinds: dict[str, opdb.Tally], what: str, verbose: bool) -> int:
    """Print the lists; return the number of kinds with a wrong result."""
    wrong = {name: tally for name, tally in kinds.items() if tally.wrong}
    without = {n: t for n, t in kinds.items() if t.not_checked["no-rule-yet"] and n not in wrong}
    partly = {
        n: t for n, t in kinds.items() if n not in wrong and n not in without and not t.verified
    }
    good = [n for n in kinds if n not in wrong and n not in without and n not in partly]
    by_op: dict[str, list[str]] = defaultdict(list)
    for name, tally in sorted(without.items()):
        by_op[", ".join(sorted(tally.ops))].append(name)
    print(f"{what} without a rule yet: {len(without)}")
    for op, names in sorted(by_op.items()):
        used = sorted({user for name in names for user in kinds[name].users})
        print(f"  {op}: {', '.join(names)}  (in {', '.join(used[:4])})")
    print(f"{what} never checked for another reason: {len(partly)}")
    for name, tally in sorted(partly.items()):
        print(f"  {name}: {dict(tally.not_checked)} {list(tally.ops)[:4]} {list(tally.users)[:4]}")
    if verbose:
        print(f"{what} not checked on some samples:")
        for name in sorted(good):
            if kinds[name].not_checked:
                users = list(kinds[name].users)[:4]
                print(f"  {name}: {dict(kinds[name].not_checked)} {users}")
    print(f"{what} wrong: {len(wrong)}")
    for name, tally in sorted(wrong.items()):
        print(f"  {name} ({', '.join(tally.ops)}): {len(tally.wrong)} of {sum(tally.ops.values())}")
        for line in tally.wrong[: 5 if verbose else 2]:
            print(f"    {line[:300]}")
    checked = sum(tally.verified for tally in kinds.values())
    slack = max((tally.largest for tally in kinds.values()), default=0.0)
    print(
        f"{what} reached {len(kinds)}: verified {len(good)}, wrong {len(wrong)}, "
        f"no rule yet {len(without)}, not checked {len(partly)}; "
        f"{checked} runs verified, the largest difference {slack:.2g} of what is allowed\n"
    )
    return len(wrong)


def program_tallies() -> Iterator[opdb.Tallies]:
    """Record every program and check the first step of each structure."""
    import zoo

    from retrograd.store.reader import load

    for name in zoo.NAMES:
        found = opdb.Tallies()
        try:
            path = zoo.recording(name)
        except Exception as error:
            print(f"{name}: no recording ({error})", file=sys.stderr)
            continue
        with load(path) as recording:
            seen = set()
            for index in recording.full_steps:
                structure = recording.structure_of(index)
                if structure not in seen:
                    seen.add(structure)
                    found.add_step(recording.step(index), name, name)
        yield found


def main() -> int:
    """Run from the command line; the exit code is 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ops", default="", metavar="REGEX")
    parser.add_argument("--programs", action="store_true")
    parser.add_argument("--cache", metavar="FOLDER")
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(options.cache or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if options.programs:
            found = opdb.merge(program_tallies())
        elif options.ops:
            found = opdb.check(opdb.record(opdb.operators(options.ops), folder / "some.retro"))
        else:
            found = opdb.merge(opdb.check(path) for path in operator_recordings(folder))
    found.nodes.pop(opdb.ACCUMULATE, None)
    wrong = report(found.ops, "ops", options.verbose)
    wrong += report(found.nodes, "node kinds", options.verbose)
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
