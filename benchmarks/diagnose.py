"""How often the diagnosis is right: ``make bench-diagnose``.

Broken programs (``tests/faults``) say in their first line which rule is to come first and at
which line; the failing program of each rule is broken too. Healthy ones are ``tests/healthy``,
``tests/programs`` and the correct program of each rule. A finding at warning level or above in a
healthy program is a false alarm. Then what the peers say of the same programs; how long 1,000 full
steps of a small network take to judge; and what the watcher costs beside ``retrograd run``.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from recordings import record  # noqa: E402

import retrograd  # noqa: E402
from retrograd.diagnose.diagnosis import diagnose  # noqa: E402
from retrograd.diagnose.finding import Finding  # noqa: E402
from retrograd.diagnose.registry import all_rules, find  # noqa: E402

# They end by a fault of their own, which the diagnosis is right to find.
BROKEN_PROGRAMS: Final = {"nan": "R40", "raises": "R04", "stale_update": "R05"}

MLP: Final = """\
import time

import torch

torch.manual_seed(0)
X, y = torch.randn(64, 64), torch.randint(0, 10, (64,))
model = torch.nn.Sequential(
    torch.nn.Linear(64, 128), torch.nn.ReLU(), torch.nn.Linear(128, 128), torch.nn.ReLU(),
    torch.nn.Linear(128, 10),
)
optimizer = torch.optim.Adam(model.parameters())
start = time.perf_counter()
for step in range(1000):
    loss = torch.nn.functional.cross_entropy(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(time.perf_counter() - start)
"""


@dataclass
class Program:
    """One program with what is expected of it, and what came."""

    path: Path
    code: str | None  # None: healthy
    line: int | None
    findings: tuple[Finding, ...] = ()
    trained: bool = False

    @property
    def alarms(self) -> list[Finding]:
        """Findings at warning level or above."""
        return [f for f in self.findings if f.severity != "hint"]

    @property
    def first(self) -> Finding | None:
        """The first finding."""
        return self.findings[0] if self.findings else None


def programs(folder: Path) -> list[Program]:
    """Return the corpus; the rules' own programs are written into a folder."""
    found = []
    for path in sorted((ROOT / "tests" / "faults").glob("*.py")):
        head = re.match(r"# expect: (R\d+) line (\d+)", path.read_text(encoding="utf-8"))
        if head is None:
            raise SystemExit(f"{path}: the first line does not say what is expected")
        found.append(Program(path, head[1], int(head[2])))
    for path in sorted((ROOT / "tests" / "healthy").glob("*.py")):
        found.append(Program(path, None, None))
    for path in sorted((ROOT / "tests" / "programs").glob("*.py")):
        found.append(Program(path, BROKEN_PROGRAMS.get(path.stem), None))
    for rule in all_rules():
        for kind, text in (("failing", rule.failing), ("correct", rule.correct)):
            path = folder / f"{rule.code}_{kind}.py"
            path.write_text(text, encoding="utf-8")
            found.append(Program(path, rule.code if kind == "failing" else None, None))
    return found


def judge(corpus: list[Program], folder: Path) -> None:
    """Record and diagnose every program."""
    recordings = record([program.path for program in corpus], folder)
    for program in corpus:
        recording = recordings.get(program.path)
        if recording is not None:
            program.trained = True
            with retrograd.load(recording) as opened:
                program.findings = diagnose(opened, strict=True).findings


def report(corpus: list[Program]) -> None:
    """Print precision and recall per rule and overall."""
    print(f"{'rule':<36}{'broken':>7}{'found':>7}{'first':>7}{'line':>7}{'false alarms':>14}")
    totals = dict.fromkeys(("broken", "found", "first", "line", "placed", "alarms"), 0)
    for rule in all_rules():
        broken = [p for p in corpus if p.code == rule.code]
        counts = {
            "broken": len(broken),
            "found": sum(rule.code in _codes(p.findings) for p in broken),
            "first": sum(p.first is not None and p.first.code == rule.code for p in broken),
            "line": sum(p.line is not None and _line(p) == p.line for p in broken),
            "placed": sum(p.line is not None for p in broken),
            "alarms": sum(rule.code in {f.code for f in p.alarms} for p in corpus if not p.code),
        }
        for key, count in counts.items():
            totals[key] += count
        print(_row(f"{rule.code} {rule.name}", counts))
    print(_row("all", totals))
    healthy = [p for p in corpus if p.code is None and p.trained]
    for kind in ("exact", "heuristic"):
        wrong = [p for p in healthy if any(f.kind == kind for f in p.alarms)]
        named = ", ".join(p.path.stem for p in wrong)
        print(f"healthy programs flagged by {kind} rules: {len(wrong)} of {len(healthy)} {named}")
    for kind in ("exact", "heuristic"):
        broken = [p for p in corpus if p.code and find(p.code).kind == kind]
        hit = sum(p.code in _codes(p.findings) for p in broken)
        told = sum(f.kind == kind for p in corpus for f in p.alarms)
        right = sum(f.kind == kind and p.code is not None for p in corpus for f in p.alarms)
        print(f"{kind}: recall {hit}/{len(broken)}, precision {right}/{told}")
    for program in corpus:
        if program.code and (program.first is None or program.first.code != program.code):
            first = program.first.code if program.first else "nothing"
            ran = "" if program.trained else " (not recorded: it ended before a backward pass)"
            print(f"  {program.path.stem}: {first} first, not {program.code}{ran}")
        elif program.line is not None and _line(program) != program.line:
            print(f"  {program.path.stem}: line {_line(program)}, not {program.line}")


def _row(name: str, counts: dict[str, int]) -> str:
    placed = f"{counts['line']}/{counts['placed']}"
    return (
        f"{name:<36}{counts['broken']:>7}{counts['found']:>7}{counts['first']:>7}{placed:>7}"
        f"{counts['alarms']:>14}"
    )


def _line(program: Program) -> int | None:
    site = program.first.site if program.first else None
    return site.line if site else None


def _codes(findings: tuple[Finding, ...]) -> set[str]:
    return {c for f in findings for c in ({f.code} | _codes(f.consequences))}


def cost(folder: Path) -> None:
    """Print how long 1,000 full steps of a small network take to judge."""
    path = folder / "mlp_1000.py"
    path.write_text(MLP, encoding="utf-8")
    recording = record([path], folder)[path]
    start = time.perf_counter()
    with retrograd.load(recording) as opened:
        steps = len(opened.full_steps)
        diagnose(opened, strict=True)
    print(f"diagnosing {steps} full steps of the MLP: {time.perf_counter() - start:.2f} s")


LIVE: Final = MLP.replace("range(1000)", "range(10000)")


def live_cost(folder: Path, pairs: int = 5) -> None:
    """Print what the watcher costs: the same training with and without it, in turn."""
    path = folder / "mlp_live.py"
    path.write_text(LIVE, encoding="utf-8")
    ratios = []
    for _ in range(pairs):
        seconds = []
        for words in ([], ["--no-live"]):
            command = [sys.executable, "-m", "retrograd", "run", *words, str(path)]
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            ran = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, text=True, check=True
            )
            seconds.append(float(ran.stdout))
        ratios.append(seconds[0] / seconds[1])
    told = ", ".join(f"{ratio:.3f}" for ratio in sorted(ratios))
    print(
        f"with the watcher / without it: {statistics.median(ratios):.3f} "
        f"(median of {pairs} pairs: {told}; aim: 1.02)"
    )


# Which of our codes a peer's check stands for, where it has one for the same fault.
MEANS: Final = {
    "TA100": {"R40", "R41", "R42", "R65"},
    "TA102": {"R47"},
    "TA103": {"R46", "R48", "R55"},
    "TA104": {"R13", "R02", "R17", "R18", "R03"},
    "TA105": {"R56", "R55"},
    "TA300": {"R65", "R40"},
    "TA301": {"R64"},
    "TA302": {"R66"},
    "TA303": {"R71"},
    "TA304": {"R83"},
    "TA400": {"R62"},
    "TA401": {"R27"},
    "TA402": {"R27"},
    "TA403": {"R27"},
    "TA500": {"R13", "R20", "R21"},
    "TA501": {"R83"},
    "missing_zero_grad": {"R15"},
    "missing_eval": {"R73"},
    "oom_leak": {"R12"},
    "double_softmax": {"R30"},
}
HARDWARE: Final = ("TA2", "cpu_bottleneck")
"""Checks about speed on a GPU, not about faults: they count neither for a peer nor against it."""


def peers(corpus: list[Program], python: str) -> None:
    """Print precision and recall of the peers, and ours counted in the same way."""
    paths = [str(program.path) for program in corpus if program.trained]
    ran = subprocess.run(
        [python, str(ROOT / "benchmarks" / "peers.py")],
        input=json.dumps(paths),
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        print(f"the peers could not run: {ran.stderr.strip().splitlines()[-1:]}")
        return
    said = json.loads(ran.stdout)
    ours = {str(p.path): sorted({f.code for f in p.alarms}) for p in corpus if p.trained}
    named = "named it: a check for this very fault fired"
    print(f"peers, program by program ({named}):")
    for peer, answers in {"retrograd": ours, **said}.items():
        if answers is None:
            print(f"  {peer}: not installed here (benchmarks/requirements.txt has it)")
            continue
        applies = [p for p in corpus if p.trained and answers.get(str(p.path)) is not None]
        told = {
            str(p.path): [c for c in answers[str(p.path)] if not c.startswith(HARDWARE)]
            for p in applies
        }
        broken = [p for p in applies if p.code]
        flagged = [p for p in applies if told[str(p.path)]]
        right = [p for p in flagged if p.code]
        hit = [p for p in broken if any(_means(c, p.code) for c in told[str(p.path)])]
        print(
            f"  {peer}: applies to {len(applies)} of {len(paths)} programs; flags {len(right)} of "
            f"{len(broken)} broken and {len(flagged) - len(right)} of "
            f"{len(applies) - len(broken)} healthy (precision {_share(right, flagged)}, "
            f"recall {_share(right, broken)}); named it: {len(hit)}"
        )


def _means(check: str, code: str | None) -> bool:
    return check == code or code in MEANS.get(check, ())


def _share(part: list[Program], whole: list[Program]) -> str:
    return f"{len(part) / len(whole):.0%}" if whole else "–"


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--peers",
        metavar="PYTHON",
        default=sys.executable,
        help="Python of an environment that has benchmarks/requirements.txt",
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = programs(folder)
        judge(corpus, folder)
        report(corpus)
        cost(folder)
        sys.stdout.flush()
        live_cost(folder)
        sys.stdout.flush()
        peers(corpus, options.peers)


if __name__ == "__main__":
    main()
