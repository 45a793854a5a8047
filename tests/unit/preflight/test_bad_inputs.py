"""Every bad input is refused at once, by a message with its file, what is there and a way out.

The workflow is read in this process, and preflight called as its rule calls it; annotation, map and
weights are looked at once where they are not spoilt. Every ninth is among the quick tests.
"""

import re
from pathlib import Path

import pytest

import bad_arms
import bad_configs
import bad_forecasters
import bad_genome
import bad_maps
import bad_sequence
import bad_tables
import in_one_process
import small_lab
from bad_input import Bad
from foldcast.preflight import given_maps, given_runs
from in_one_process import Refused

BAD = (bad_tables, bad_maps, bad_genome, bad_sequence, bad_configs, bad_forecasters, bad_arms)
TABLES = [each.CASES for each in BAD]
CASES: dict[str, Bad] = {name: case for cases in TABLES for name, case in cases.items()}
UNFORESEEN = "what cannot be read"


@pytest.fixture(scope="module")
def made(made_once) -> Path:
    return made_once("small_lab", small_lab.make)


@pytest.fixture
def lab(made, tmp_path, monkeypatch, looked):
    for module, name in looked:
        monkeypatch.setattr(module, name, looked[module, name])
    return small_lab.copy_of(made, tmp_path / "lab")


@pytest.fixture(scope="module")
def looked(made):
    """Looks at the lab's own files, each taken once; whatever else is given is looked at."""
    own = {path.name: path.read_bytes() for path in (made / "data").iterdir()}

    def once(look):
        seen = {}

        def again(attempt, *args):
            texts = re.findall(r"data/([\w.]+)", repr(args))
            whole = texts and all(
                own.get(name) == (Path("data") / name).read_bytes() for name in texts
            )
            if not whole:
                return look(attempt, *args)
            key = repr(args)
            if key not in seen:
                seen[key] = look(attempt, *args)
            return seen[key]

        return again

    looks = (
        (given_maps, "look_at_genes"),
        (given_maps, "look_at_map"),
        (given_runs, "look_at_weights"),
    )
    return {(module, name): once(getattr(module, name)) for module, name in looks}


def test_the_lab_itself_fits(lab):
    said = lab.preflight()
    for found in ("120 genes", "map folded: 3 chromosomes", "30 of 34 genes placed"):
        assert found in said
    lab.sequence()
    assert "run tiny: 120 of 120 genes on 3 chromosomes" in lab.preflight()


def test_there_are_as_many_as_the_issue_asks():
    assert len(CASES) == sum(map(len, TABLES)) >= 120
    assert all(case.found and case.remedy and case.source for case in CASES.values())


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] if i % 9 else []) for i, name in enumerate(CASES)],
)
def test_a_bad_input_is_refused_at_once_with_its_remedy(name, lab):
    case = CASES[name]
    case.spoil(lab)
    with pytest.raises(Refused) as refused:
        lab.preflight()
    said = str(refused.value)
    parts = re.split(r"(?m)^(?=\(\d+\) )", said)
    first = next((part for part in parts if case.source in part.split("\n")[0]), None)
    assert first, said
    message = re.search(
        r"  found:    (?P<found>(?:.+\n)+?)  expected: .+\n  remedy:   (?P<remedy>.+)", first
    )
    assert message, said
    assert case.found in message["found"] or case.found in first.split("\n")[0], said
    assert case.remedy in message["remedy"], said
    assert UNFORESEEN not in said
    assert in_one_process.ROOT.as_posix() not in said  # no trail through our own files
