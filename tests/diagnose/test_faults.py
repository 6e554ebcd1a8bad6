"""Programs of tests/faults whose fault is told by where it stands: code and line come first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from recordings import ROOT, record

import retrograd
from retrograd.diagnose import diagnosis
from retrograd.diagnose.diagnosis import diagnose
from retrograd.diagnose.registry import all_rules
from retrograd.diagnose.rule import Hit
from retrograd.messages import Catalogue

FAULTS = (
    "activation_from_a_table",
    "atoms_made_anew",
    "blanked_for_a_test",
    "bytes_divided_as_whole_numbers",
    "column_of_ones_beside_a_bias",
    "column_of_values_against_a_second_network",
    "copy_of_a_leaf_for_the_optimizer",
    "decay_of_three",
    "divergence_summed_over_the_batch",
    "dropout_as_a_function_in_test",
    "eval_named_and_not_called",
    "examples_and_labels_shuffled_apart",
    "examples_in_the_place_of_time",
    "factors_made_double",
    "factors_of_zeros",
    "fee_known_after_the_fact",
    "frozen_from_the_fifth_step",
    "frozen_halfway_under_momentum",
    "gradients_clipped_by_value",
    "gradients_of_the_main_task_cleared",
    "inner_rate_of_ten",
    "joined_by_numpy",
    "killed_by_a_large_rate",
    "labels_from_one",
    "log_softmax_over_the_batch",
    "logarithm_of_a_raw_output",
    "loss_wrapped_anew",
    "losses_in_a_dictionary",
    "losses_joined_in_a_new_tensor",
    "losses_kept_by_a_meter",
    "made_twice_for_two_players",
    "minus_before_a_known_loss",
    "no_grad_over_a_method",
    "noise_in_the_place_of_pictures",
    "normal_fitted_uphill",
    "one_of_two_never_stepped",
    "one_score_through_softmax",
    "one_tower_for_both",
    "optimizer_made_before_the_new_head",
    "positions_up_to_a_hundred",
    "power_hidden_by_where",
    "pruned_and_revived",
    "ramp_in_whole_numbers",
    "rare_class_in_a_loss_by_hand",
    "rate_halved_every_batch",
    "raw_table_in_a_dataset",
    "read_one_by_one",
    "right_ones_divided_as_whole_numbers",
    "rows_kept_by_a_hook",
    "score_minus_its_logsumexp",
    "scores_with_the_wrong_sign",
    "second_loss_left_out",
    "second_model_in_evaluation",
    "second_optimizer_never_cleared",
    "sigmoid_by_hand_before_logits",
    "sigmoids_joined_before_logits",
    "spread_of_one_return",
    "state_kept_within_a_step",
    "state_of_the_window_before",
    "step_named_and_not_called",
    "target_among_the_numbers",
    "thawed_and_not_in_the_optimizer",
    "the_other_optimizer_stepped_twice",
    "triplets_without_a_limit",
    "two_halves_two_optimizers",
    "warm_up_in_whole_numbers",
    "weights_drawn_below_zero",
    "zeros_in_every_layer",
)
"""Of the corpus of ``make bench-diagnose``: quick ones, each of another kind."""
HEALTHY = (
    "attack_on_the_input",
    "domain_told_apart_backwards",
    "drawn_noise_is_learned_from",
    "losses_joined_before_the_pass",
    "pruned_and_kept",
    "restarts_of_a_cosine",
    "tags_made_from_drawn_tokens",
    "two_views_agree",
    "whole_percentages",
)


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The recordings of the programs, by name: each step in full."""
    programs = [ROOT / "tests" / "faults" / f"{name}.py" for name in FAULTS]
    programs += [ROOT / "tests" / "healthy" / f"{name}.py" for name in HEALTHY]
    found = record(programs, tmp_path_factory.mktemp("faults"))
    return {path.stem: recording for path, recording in found.items()}


@pytest.mark.parametrize("name", FAULTS)
def test_it_is_told_first_and_at_its_line(name: str, recordings: dict[str, Path]) -> None:
    head = (ROOT / "tests" / "faults" / f"{name}.py").read_text().splitlines()[0]
    expected = re.match(r"# expect: (R\d+) line (\d+)", head)
    assert expected is not None
    with retrograd.load(recordings[name]) as recording:
        first = diagnose(recording, strict=True).findings[0]
    assert first.site is not None
    assert (first.code, first.site.line) == (expected[1], int(expected[2]))


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_program_gets_no_warning(name: str, recordings: dict[str, Path]) -> None:
    with retrograd.load(recordings[name]) as recording:
        found = diagnose(recording, strict=True).findings
    assert [finding.code for finding in found if finding.severity != "hint"] == []


def test_a_rule_that_fails_is_not_checked(
    recordings: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others stand; who asks for it gets the failure itself."""

    def failing(*_: object) -> Iterator[Hit]:
        raise IndexError("no such line")
        yield

    rules = [replace(r, check=failing) if r.code == "R47" else r for r in all_rules()]
    monkeypatch.setattr(diagnosis, "all_rules", lambda: rules)
    with retrograd.load(recordings[FAULTS[0]]) as recording:
        found = diagnose(recording)
        with pytest.raises(IndexError, match="no such line"):
            diagnose(recording, strict=True)
    (entry,) = [entry for entry in found.not_checked if entry.code == "R47"]
    assert "IndexError: no such line" in Catalogue("en").text(entry.reason)
    assert found.findings


def test_however_few_steps_are_looked_at(recordings: dict[str, Path]) -> None:
    with retrograd.load(recordings["rate_halved_every_batch"]) as recording:
        for most in (1, 4):
            assert diagnose(recording, most_steps=most, strict=True).clean
