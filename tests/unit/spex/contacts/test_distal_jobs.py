"""The job of the 3D block: its blocks of places, a kill, and the memory that it takes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from distal_case import RES, small_case
from foldcast.spex.contacts import distal_features as distal
from foldcast.spex.contacts.distal_features import Grid, blocks_of, place_windows
from foldcast.spex.features.beluga import Beluga
from scripts.spex import distal_features as script


def test_blocks_hold_every_place_once():
    rng = np.random.default_rng(0)
    for windows in ("centres", "start"):
        grid = Grid(RES, 400 * RES - 450, windows)
        places = np.sort(rng.choice(400, 150, replace=False)) * RES
        places[-1] = 399 * RES
        blocks = blocks_of(places, grid, most=40)
        seen = [p for block in blocks for stretch in block for p in stretch.places]
        assert seen == [*range(len(places))]
        for block in blocks:
            assert sum(stretch.windows for stretch in block) <= 40
            for stretch in block:
                for p in stretch.places:
                    starts, times = place_windows(int(places[p]), grid)
                    first = grid.origin + 200 * stretch.window
                    within = (starts - first) // 200
                    assert not ((starts - first) % 200).any()
                    assert within.min() >= 0 and within.max() < stretch.windows
                    parts = 3 if windows == "centres" and p == len(places) - 1 else 5
                    assert times.sum() == parts
        if windows == "centres":
            assert max(len(block[0].places) for block in blocks) > 1
            assert place_windows(5_000, grid)[0].tolist() == [4_100, 4_300, 4_500, 4_700, 4_900]
    assert blocks_of(np.empty(0, int), grid, 40) == []
    # A place that is larger than a block is one.
    assert len(blocks_of(np.array([0, 10**6]), Grid(10**6, 3 * 10**6), 40)) == 2


def test_block_sizes_do_not_matter(tmp_path, monkeypatch):
    case = small_case(tmp_path)
    contacts = [case.contacts({})]
    large, _ = case.blocks(contacts)
    monkeypatch.setattr(distal, "BLOCK", 30)
    small, _ = case.blocks(contacts, name="small.h5")
    np.testing.assert_allclose(large["m"], small["m"], rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("windows", ["centres", "start"])
def test_only_places_that_are_new_are_computed(tmp_path, monkeypatch, windows):
    """Counted by the windows that the network reads; to the bit what a job makes by itself."""
    case = small_case(tmp_path)
    asked, compute = [], Beluga.windows

    def counting(self, codes, **options):
        outputs = compute(self, codes, **options)
        asked.append(outputs[..., 0].size)
        return outputs

    monkeypatch.setattr(Beluga, "windows", counting)

    def made(contacts, name, cache):
        asked.clear()
        case.cache = cache
        script.main(case.job(contacts, name=name))
        return (case.folder / name).read_bytes(), sum(asked)

    def plan(contacts):
        return distal.plan_of(contacts, "chr1", 160 * RES - 321)

    few = [case.contacts({"strongest": 2, "windows": windows})]
    more = [case.contacts({"strongest": 4, "windows": windows}, "more")]
    cache = tmp_path / "cache"
    made(few, "few.h5", cache)
    assert made(few, "again.h5", cache)[1] == 0
    mixed, rest = made(more, "mixed.h5", cache)
    alone, whole = made(more, "alone.h5", None)
    assert mixed == alone
    new = np.setdiff1d(plan(more).places, plan(few).places)
    stretches = sum(blocks_of(new, plan(more).grid, most=4096), [])
    assert 0 < rest == sum(stretch.windows for stretch in stretches) < whole
    # A run of both maps has nothing to compute, and its sums are rounded as theirs.
    both, none = made([*few, *more], "both.h5", cache)
    assert none == 0 and both == made([*few, *more], "alone.h5", None)[0]


KILLED = """
import json, sys, time
from types import SimpleNamespace
from scripts.spex import distal_features
from foldcast.spex.contacts import distal_features as distal

distal.BLOCK = 30
whole = distal_features.place_sums

def slowly(*args):
    print("block", flush=True)
    time.sleep(0.2)
    return whole(*args)

distal_features.place_sums = slowly
parts = json.loads(sys.argv[1])
files = SimpleNamespace(**parts.pop("input"), get=lambda name: None)
rest = {key: SimpleNamespace(**values) for key, values in parts.items()}
distal_features.main(SimpleNamespace(input=files, threads=1, **rest))
"""


@pytest.mark.slow
def test_killed_job_goes_on(tmp_path, monkeypatch):
    """kill -9 in the middle: the next job does the rest, and the bytes are the same."""
    case = small_case(tmp_path)
    contacts = [case.contacts({})]
    monkeypatch.setattr(distal, "BLOCK", 30)
    computed, place_sums = [], script.place_sums
    monkeypatch.setattr(script, "place_sums", lambda *a: computed.append(1) or place_sums(*a))

    def blocks_computed(name):
        computed.clear()
        script.main(case.job(contacts, name=name))
        return len(computed)

    total = blocks_computed("whole.h5")
    assert total > 6
    job = case.job(contacts, name="killed.h5")
    parts = {key: vars(getattr(job, key)) for key in ("input", "output", "params")}
    killed = subprocess.Popen(
        [sys.executable, "-c", KILLED, json.dumps(parts, default=str)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    for _ in range(4):
        killed.stdout.readline()
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert not (case.folder / "killed.h5").exists()
    assert blocks_computed("killed.h5") == total - 3
    made, whole = ((case.folder / name).read_bytes() for name in ("killed.h5", "whole.h5"))
    assert made == whole and not [*case.folder.glob(".killed*")]


@pytest.mark.slow
def test_memory(tmp_path):
    """As many genes as on chr1, all outputs: what the job takes beside the weights."""
    script = Path(__file__).parents[3] / "bench" / "distal_memory.py"
    # As many genes as chr1 has, 18 feature sets; fewer places and bases, for they are not kept.
    size = ["--genes", "2100", "--maps", "3", "--places", "3000", "--length", "60000000"]
    command = [sys.executable, str(script), str(tmp_path), *size]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    said = subprocess.run(command, capture_output=True, text=True, env=env)
    assert said.returncode == 0, said.stderr
    print(said.stdout)
    assert float(said.stdout.split("peak")[1].split()[0]) < 3_000
