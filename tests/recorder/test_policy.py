"""Which steps are full: what the options mean, and what they refuse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrograd.recorder.policy import (
    FIRST_STEPS,
    FLOOR_SECONDS,
    PAUSE,
    PAUSE_SECONDS,
    Policy,
    PolicyError,
    parse_budget,
    parse_steps,
    policy,
)

SPANS = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 50)).map(lambda p: (p[0], p[0] + p[1])),
    min_size=1,
    max_size=6,
)


@given(SPANS, st.integers(0, 10_100))
def test_listed_steps_are_full_and_no_others(spans: list[tuple[int, int]], step: int) -> None:
    """The text of some ranges gives these ranges back, and membership decides."""
    text = ",".join(f"{a}" if a == b else f"{a}-{b}" for a, b in spans)
    assert parse_steps(text) == tuple(spans)
    wanted = step in {n for a, b in spans for n in range(a, b + 1)}
    assert policy(steps=text).wants(step, 1e9, 1.0, 1e9) is wanted


@given(st.text(alphabet="0123456789,- ", max_size=12))
def test_steps_are_read_or_refused(text: str) -> None:
    """Whatever is typed: sound ranges, or one error that quotes it."""
    try:
        spans = parse_steps(text)
    except PolicyError as error:
        assert text in str(error)
    else:
        assert spans
        assert all(0 <= first <= last for first, last in spans)


@given(st.integers(1, 1000), st.integers(0, 100_000))
def test_every_nth_step_is_full(every: int, step: int) -> None:
    """As many as asked for, whatever they cost."""
    assert policy(every=every).wants(step, 1e9, 1.0, 1e9) is (step % every == 0)
    assert policy(every=str(every)) == policy(every=every)


@given(st.floats(0, 100))
def test_a_percentage_is_a_fraction(percent: float) -> None:
    """``10%`` and ``0.1`` mean the same."""
    assert parse_budget(f"{percent}%") == pytest.approx(percent / 100)
    assert parse_budget(f" {percent}% ") == parse_budget(f"{percent}%")
    assert parse_budget(str(percent / 100)) == pytest.approx(percent / 100)


@pytest.mark.parametrize(
    "text", ["", "%", "all%", "-1%", "-0.1", "2", "nan", "nan%", "inf", "1e400", "ten", "100001%"]
)
def test_a_budget_that_is_none_is_refused(text: str) -> None:
    """A wrong budget never means a silent default."""
    with pytest.raises(PolicyError, match="is not understood"):
        parse_budget(text)


@pytest.mark.parametrize("text", ["0", "-3", "1.5", "x", "", "9" * 16, "²"])
def test_an_every_that_is_none_is_refused(text: str) -> None:
    """Only whole numbers from 1 on."""
    with pytest.raises(PolicyError, match="is not understood"):
        policy(every=text)


@pytest.mark.parametrize("text", ["", ",", "1,", "-5", "5-", "a", "1-2-3", "²", "1.0"])
def test_steps_that_are_none_are_refused(text: str) -> None:
    """Only numbers and ranges."""
    with pytest.raises(PolicyError, match="is not understood"):
        parse_steps(text)


def test_a_range_backwards_is_refused_with_the_right_one() -> None:
    """The message says what to type."""
    with pytest.raises(PolicyError, match="write 3-9"):
        parse_steps("9-3")


def test_every_and_steps_exclude_each_other() -> None:
    """Two answers to one question are none."""
    with pytest.raises(PolicyError, match="exclude each other"):
        policy(every=2, steps="1")


@given(st.floats(0.001, 1), st.integers(0, 10**6), st.floats(0, 1e4), st.floats(0, 10))
def test_a_budget_is_kept(share: float, step: int, elapsed: float, cost: float) -> None:
    """After the first steps and seconds, a full step never takes recording above its share."""
    spent = share * elapsed
    wants = Policy(share).wants(step, spent, elapsed, cost)
    if step < FIRST_STEPS or spent + cost <= FLOOR_SECONDS:
        assert wants
    elif wants:
        assert spent + cost <= share * (elapsed - spent)


@given(st.floats(0, 1e4), st.floats(0, 1e4), st.floats(0, 1e3))
def test_reading_keeps_to_half_of_the_budget(spent: float, elapsed: float, reading: float) -> None:
    """After the first seconds, light steps stop reading parameters where that is too dear."""
    reads = Policy(0.1).reads(spent, elapsed, reading)
    if spent <= FLOOR_SECONDS:
        assert reads
    elif reads:
        assert spent <= 0.1 * (elapsed - spent)
        assert reading <= 0.05 * (elapsed - spent)
    assert Policy(None).reads(spent, elapsed, reading)
    assert Policy(0.0).reads(spent, elapsed, reading)


@given(st.floats(0, 1e3))
def test_a_pause_is_short(seconds: float) -> None:
    """A few steps, or a fiftieth of a second where those take less."""
    pause = Policy.pause(seconds)
    assert pause == PAUSE or 0 < pause * seconds <= PAUSE_SECONDS or seconds < 1e-9


def test_all_nothing_and_the_default() -> None:
    """``all`` is every step, 0 none, and the default 10%."""
    assert policy("all").wants(10**6, 1e9, 1.0, 1e9)
    assert not policy("0").wants(0, 0.0, 0.0, 0.0)
    assert policy() == policy("10%") == policy(0.1)
    assert [policy(b).bounded for b in ("all", "10%", "0")] == [False, True, False]
    assert not policy("10%", every=2).bounded
