"""Profiles for clusters: rules that they name, GPUs, and whether Slurm keeps accounts."""

import ast
import os
import re
from pathlib import Path

import pytest
import yte

from foldcast.fingerprint import script_path
from rule_files import RULES

ROOT = Path(__file__).resolve().parents[1]
WITH_DEVICE = {("foldcast.spex.features.beluga", "Beluga"), ("foldcast.step.training", "prepare")}


def settings(name: str) -> dict:
    """A profile as Snakemake reads it."""
    return yte.process_yaml((ROOT / f"profiles/{name}/config.yaml").read_text())


def imported(rule: str) -> set[tuple[str, str]]:
    """(module, name) of what a rule's script imports by name."""
    return {
        (node.module or "", alias.name)
        for node in ast.walk(ast.parse(script_path(RULES[rule][1]).read_text()))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def local_rules() -> list[str]:
    text = (ROOT / "workflow/rules/local.smk").read_text().partition("localrules:")[2]
    return re.findall(r"(?m)^    (\w+),$", text)


def test_the_rules_that_run_where_snakemake_was_started_are_there():
    assert len(local_rules()) == len({*local_rules()}) > 20
    targets = re.findall(r"(?m)^rule (\w+):", (ROOT / "workflow/Snakefile").read_text())
    # One is written with `use rule`.
    assert {*RULES, *targets} >= {*local_rules()} - {"demo_other_contacts"}
    assert {*targets} <= {*local_rules()}
    light = {rule for rule in RULES if rule.startswith(("plot_", "export_", "demo_"))}
    assert {*local_rules()} >= light


def test_slurm_groups_rules_that_go_to_the_queue():
    grouped = settings("slurm")["groups"]
    assert len(grouped) > 10
    assert grouped.keys() <= RULES.keys() - {*local_rules()}
    assert settings("slurm")["group-components"].keys() <= {*grouped.values()}


@pytest.mark.parametrize("gpus", [0, 2])
def test_slurm_asks_for_gpus_for_every_rule_that_can_use_one(gpus, monkeypatch):
    monkeypatch.setenv("FOLDCAST_GPUS", str(gpus))
    can = {rule for rule in RULES if imported(rule) & WITH_DEVICE}
    assert len(can) >= 6
    assert settings("slurm")["set-resources"] == {rule: {"gpu": gpus} for rule in can}


@pytest.mark.parametrize(
    ("sacct", "command"),
    [
        ("exit 0", "sacct"),
        ("echo Slurm accounting storage is disabled >&2; exit 1", "squeue"),
        (None, "squeue"),
    ],
    ids=["accounts", "no accounts", "no sacct"],
)
def test_slurm_is_asked_by_the_command_that_knows_jobs(sacct, command, tmp_path, monkeypatch):
    if sacct:
        (tmp_path / "sacct").write_text(f"#!/bin/sh\n{sacct}\n")
        (tmp_path / "sacct").chmod(0o755)
        monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path), os.environ["PATH"]]))
    else:
        monkeypatch.setenv("PATH", str(tmp_path))
    assert settings("slurm")["slurm-status-command"] == command
