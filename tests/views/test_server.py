"""The server answers the page, and nobody else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from views.viewing import Viewing, viewing


def test_the_page_needs_the_token(server: Viewing) -> None:
    assert server.ask(f"?token={server.token}")[0] == 200
    for wrong in ("", "?token=", "?token=x", f"?token={server.token}x"):
        status, text = server.ask(wrong)
        assert status == 403
        assert "token" in text and server.token not in text


def test_data_need_the_token(server: Viewing) -> None:
    assert server.data("overview")[0] == 200
    assert server.ask("data/overview")[0] == 403
    assert server.ask("data/overview", Authorization="Bearer x")[0] == 403


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "127.0.0.1"}, {"Origin": "http://evil.example"}],
)
def test_other_hosts_and_origins_are_refused(server: Viewing, headers: dict[str, str]) -> None:
    authorization = f"Bearer {server.token}"
    assert server.ask("data/overview", Authorization=authorization, **headers)[0] == 403
    assert server.ask(f"?token={server.token}", **headers)[0] == 403


@pytest.mark.parametrize(
    "key",
    [
        "../../../../etc/passwd",
        "source/..%2f..%2fetc%2fpasswd",
        "source/99",
        "step/1000000",
        "step/99999999999999999999",
        "step/-1",
        "structure/1000000",
        "explanation/0/999",
        "tensor/0/9999",
        "curves/5/4/10",
        "curves/0/10/0",
        "nonsense",
    ],
)
def test_what_is_not_there_is_said_so(server: Viewing, key: str) -> None:
    status, text = server.data(key)
    assert status == 404
    assert text and "Traceback" not in text and "root:" not in text


def test_a_try_is_no_error(server: Viewing) -> None:
    assert server.data("step/1000000?try") == (204, "")
    assert server.data("step/0?try")[0] == 200


def test_a_recording_that_vanishes_is_said_so(or_gate: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.retro"
    shutil.copy(or_gate, copy)
    with viewing(copy) as running:
        assert running.data("overview")[0] == 200
        copy.unlink()
        status, text = running.data("step/0")
        assert status == 410
        assert "copy.retro" in text


def test_a_port_in_use_is_given_up_for_another(server: Viewing, or_gate: Path) -> None:
    port = int(server.root.rstrip("/").rpartition(":")[2])
    with viewing(or_gate, port) as second:
        assert second.root != server.root
        assert json.loads(second.data("overview")[1])["steps"] == 1000


def test_the_policy_allows_nothing_from_elsewhere(server: Viewing) -> None:
    page = server.ask(f"?token={server.token}")[1]
    policy = page.partition('Content-Security-Policy" content="')[2].partition('"')[0]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "connect-src 'self'" in policy
