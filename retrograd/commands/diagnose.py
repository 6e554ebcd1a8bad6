"""Say why a training does not learn: the fault, its line, the numbers, the fix."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from retrograd.commands import diagnose_explain, diagnose_json, diagnose_sarif, text
from retrograd.commands.diagnose_text import Teller
from retrograd.commands.language import add_language, catalogue
from retrograd.diagnose import settings
from retrograd.diagnose.diagnosis import diagnose
from retrograd.diagnose.finding import SEVERITIES, Diagnosis
from retrograd.store.errors import RecordingError
from retrograd.store.reader import Recording, load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE", nargs="?", help="the recording")
    parser.add_argument("--explain", metavar="RULE", help="describe a rule: its code, or its name")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="for machines")
    form.add_argument("--sarif", action="store_true", help="for code scanning (SARIF 2.1.0)")
    parser.add_argument("--select", metavar="RULES", help="only these rules: R15,R30")
    parser.add_argument("--ignore", metavar="RULES", help="all but these rules")
    parser.add_argument(
        "--fail-on",
        choices=(*SEVERITIES, "never"),
        default="error",
        help="least severity of a finding that makes the exit code 1 (error)",
    )
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Print the findings; the exit code is 1 where one is severe enough."""
    words = catalogue(options)
    if options.explain is not None:
        for line in diagnose_explain.answer(options.explain, words):
            print(line)
        return 0
    if options.file is None:
        raise RecordingError("which recording? retrograd diagnose FILE, or --explain RULE")
    chosen = _settings(options)
    with load(options.file) as recording:
        _judgeable(recording)
        with recording.guard("the events"):
            diagnosis = diagnose(recording, chosen)
            if options.json:
                document = diagnose_json.as_json(recording, diagnosis, words)
            elif options.sarif:
                document = diagnose_sarif.as_sarif(recording, diagnosis, words)
            else:
                document = None
                lines = list(Teller(recording, words).lines(diagnosis))
    if document is not None:
        lines = [json.dumps(text.plain(document), allow_nan=False, ensure_ascii=False)]
    for line in lines:
        print(line)
    return int(_fails(diagnosis, options.fail_on))


def _settings(options: argparse.Namespace) -> settings.Settings:
    read = settings.read(Path.cwd())
    select = settings.codes(options.select) if options.select is not None else read.select
    ignore = settings.codes(options.ignore) if options.ignore is not None else read.ignore
    if options.select is not None and not select:
        raise RecordingError("--select names no rule")
    return settings.Settings(select, ignore, read.limits)


def _judgeable(recording: Recording) -> None:
    if not recording.steps and recording.unfinished is None:
        raise RecordingError(f"{recording.path} holds no training step: there is nothing to judge")


def _fails(diagnosis: Diagnosis, least: str) -> bool:
    if least == "never":
        return False
    severe = SEVERITIES[: SEVERITIES.index(least) + 1]  # type: ignore[arg-type]
    return any(finding.severity in severe for finding in diagnosis.findings)
