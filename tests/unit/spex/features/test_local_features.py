"""Features around a TSS: the published numbers, invariants, the script and its faults."""

import hashlib
import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import h5py
import numpy as np
import pandas as pd
import pytest
import torch
from pyfaidx import Faidx

from foldcast.errors import InputError
from foldcast.spex.features.beluga import Beluga
from foldcast.spex.features.dna_codes import Genome, encode, reverse_complement
from foldcast.spex.features.local_features import kernels, local_features, stretch
from published_windows import (
    SMALL,
    Network,
    local_part,
    local_windows,
    outputs_around,
    random_weights,
)
from scripts.spex import local_features as script

LENGTH = 130_000
RNG = np.random.default_rng(8)
CHR1 = "".join(np.array(list("ACGT"))[RNG.integers(0, 4, LENGTH)])
CHR1 = CHR1[:40_000] + "N" * 700 + CHR1[40_700:61_000] + CHR1[61_000:63_000].lower() + CHR1[63_000:]
GENES = [  # gene, 1-based TSS, strand; both ends of the chromosome are within reach
    ("first", 700, "+"),
    ("second", 30_011, "-"),
    ("third", 61_204, "+"),
    ("fourth", 61_204, "-"),
    ("fifth", 90_000, "-"),
    ("sixth", LENGTH, "+"),
    ("seventh", LENGTH - 3, "-"),
]


@pytest.fixture(scope="module")
def state():
    return random_weights(SMALL, hidden=21, outputs=11)


@pytest.fixture(scope="module")
def network(state):
    return Beluga(dict(state))


@pytest.fixture
def given(tmp_path, state):
    """What the script gets; genes of two chromosomes."""
    (tmp_path / "genome.fa").write_text(f">chr2\n{CHR1[:50_000]}\n>chr1\n{CHR1}\n")
    Faidx(str(tmp_path / "genome.fa"), indexname=str(tmp_path / "genome.fa.fai"))
    torch.save(state, tmp_path / "beluga.pth")
    table = pd.DataFrame(GENES, columns=["gene", "tss", "strand"])
    table = table.assign(chrom="chr1", tss=table["tss"] - 1, symbol="NA")
    table.loc[len(table)] = ["other", 25_000, "+", "chr2", "NA"]
    table.to_csv(tmp_path / "genes.tsv", sep="\t", index=False)
    return SimpleNamespace(
        input=SimpleNamespace(
            genes=str(tmp_path / "genes.tsv"),
            fasta=str(tmp_path / "genome.fa"),
            index=str(tmp_path / "genome.fa.fai"),
            weights=str(tmp_path / "beluga.pth"),
        ),
        output=SimpleNamespace(features=str(tmp_path / "local" / "chr1.h5")),
        wildcards=SimpleNamespace(chrom="chr1"),
        params=SimpleNamespace(
            options={"reverse_complement": True, "precision": "fp32", "memory_mb": 2000},
            cache=None,
            tables=[],
            code="a",
        ),
        threads=1,
    )


def features(network, chromosome, tss, strand, both=True):
    """Of a gene of a chromosome that is a string; 0-based TSS."""
    start, end = stretch(tss, strand)
    before, after = max(-start, 0), max(end - len(chromosome), 0)
    text = "N" * before + chromosome[max(start, 0) : end] + "N" * after
    outputs = network.windows(encode(text), reverse_complement=both)
    return local_features(outputs, strand)


@pytest.mark.parametrize("both", [False, True], ids=["published", "default"])
@pytest.mark.parametrize("gene, tss, strand", [GENES[k] for k in (0, 1, 2, 6)])
def test_the_20020_numbers_of_a_gene(both, gene, tss, strand):
    """Window by window from the published text: one strand as published, both by default."""
    state = random_weights(SMALL, hidden=50, outputs=2002, seed=2)
    expected = local_part(Network(state), CHR1, tss, strand, both)
    x = features(Beluga(state), CHR1, tss - 1, strand, both)
    assert x.shape == (20_020,) and x.dtype == np.float32
    # Sums of up to 200 outputs, each to 1e-5.
    np.testing.assert_allclose(x, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("both", [False, True], ids=["published", "default"])
def test_the_20020_numbers_of_a_gene_from_the_full_network(both):
    state = random_weights()
    expected = local_part(Network(state), CHR1, 61_204, "-", both)
    x = features(Beluga(state, threads=torch.get_num_threads()), CHR1, 61_203, "-", both)
    np.testing.assert_allclose(x, expected, rtol=1e-5, atol=1e-5)


def test_kernels_are_those_of_the_text():
    weights = kernels()
    assert weights.shape == (10, 200)
    middle = 100  # shift 0, which is upstream and downstream
    np.testing.assert_array_equal(weights[:, middle], 1)
    assert not weights[:5, middle + 1 :].any() and not weights[5:, :middle].any()
    np.testing.assert_allclose(weights[0, 0], np.exp(-0.01 * 100))
    np.testing.assert_allclose(weights[9, 199], np.exp(-0.2 * 99), rtol=1e-6)


def test_a_stretch_holds_the_windows_of_the_text():
    for strand in "+-":
        positions = [p for _, p in local_windows(70_000, strand)]
        start, end = stretch(69_999, strand)
        assert (start, end) == (min(positions) - 1000, max(positions) + 1000)
        assert end - start == 41_800


def test_coordinates_200_bp_on_are_the_same_gene(network):
    """Two hundred letters more in front of the chromosome move a gene and change nothing."""
    longer = CHR1[5_000:5_200] + CHR1
    for tss, strand in [(61_203, "+"), (61_203, "-")]:
        np.testing.assert_array_equal(
            features(network, longer, tss + 200, strand), features(network, CHR1, tss, strand)
        )


def test_the_other_strand_of_the_chromosome_is_the_same_gene(network):
    """A window has 999 bases before its position and 1,000 after it, so the mirror of the one
    around p is around the base before p's own mirror: there the gene has the same features."""
    mirrored = "".join("AGCTN"[code] for code in reverse_complement(encode(CHR1)))
    for tss, strand in [(61_203, "+"), (30_010, "-"), (699, "+")]:
        there = len(CHR1) - 1 - tss - 1
        np.testing.assert_allclose(
            features(network, mirrored, there, "-" if strand == "+" else "+"),
            features(network, CHR1, tss, strand),
            rtol=1e-5,
            atol=1e-5,
        )


def read(path):
    with h5py.File(path) as file:
        return {name: file[name][:] for name in file} | dict(file.attrs)


def test_the_script_writes_every_gene_of_its_chromosome(given, state):
    script.main(given)
    made = read(given.output.features)
    assert [name.decode() for name in made["genes"]] == [gene for gene, *_ in GENES]
    assert made["x"].dtype == np.float32 and made["x"].shape == (len(GENES), 110)
    assert made["outputs"] == 11 and len({*made["key"]}) == len(GENES)
    reference = Network(state)
    for k in (2, 3):
        gene, tss, strand = GENES[k]
        expected = local_part(reference, CHR1, tss, strand, both=True)
        np.testing.assert_allclose(made["x"][k], expected, rtol=1e-5, atol=1e-5)
        places = [p for _, p in local_windows(tss, strand)]
        total = outputs_around(reference, CHR1, places, both=True).sum(axis=0)
        np.testing.assert_allclose(made["total"][k], total, rtol=1e-5)
    assert not list(Path(given.output.features).parent.glob(".*"))


def test_what_is_done_together_changes_nothing(given, monkeypatch):
    script.main(given)
    together = read(given.output.features)
    monkeypatch.setattr(Beluga, "at_once", lambda self, windows: 2)
    script.main(given)
    by_two = read(given.output.features)
    np.testing.assert_array_equal(by_two["x"], together["x"])
    given.params.options["memory_mb"] = 1
    script.main(given)
    np.testing.assert_array_equal(read(given.output.features)["x"], together["x"])


def test_options_are_heeded(given, caplog):
    given.params.options.update(reverse_complement=False, precision="bf16")
    with caplog.at_level(logging.INFO, logger="foldcast"):
        script.main(given)
    assert "given strand" in caplog.text and "bf16 deviates from fp32" in caplog.text
    # first, sixth and seventh
    assert "7 genes on chr1; windows of 3" in caplog.text


def test_a_chromosome_without_genes_gives_an_empty_table(given):
    given.input.genes = str(Path(given.input.genes).with_name("none.tsv"))
    Path(given.input.genes).write_text("gene\tsymbol\tchrom\ttss\tstrand\n")
    script.main(given)
    assert read(given.output.features)["x"].shape == (0, 110)


KILLED = """
import json, os, signal, sys
from types import SimpleNamespace
from scripts.spex import local_features as script
from foldcast.spex.features import feature_cache
from foldcast.spex.features.beluga import Beluga
given = json.loads(sys.argv[1], object_hook=lambda d: SimpleNamespace(**d))
given.params.options = vars(given.params.options)
moment, calls = sys.argv[2], []
Beluga.at_once = lambda self, windows: 2
def third(function):
    def wrapped(*args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)
    return wrapped
if moment == "before":
    feature_cache.FeatureCache._write = third(feature_cache.FeatureCache._write)
else:
    feature_cache.write_keys = third(feature_cache.write_keys)
script.main(given)
"""


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before", "in between"])
@pytest.mark.parametrize("cache", ["none", "kept"])
def test_a_killed_job_loses_its_current_block(given, moment, cache, monkeypatch, tmp_path):
    monkeypatch.setattr(Beluga, "at_once", lambda self, windows: 2)
    script.main(given)
    path = Path(given.output.features)
    whole = hashlib.sha256(path.read_bytes()).hexdigest()
    path.unlink()
    given.params.cache = str(tmp_path / "cache") if cache == "kept" else None

    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, json.dumps(given, default=vars), moment],
        env=environment,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL and not path.exists()
    asked = []
    windows = Beluga.windows
    monkeypatch.setattr(
        Beluga,
        "windows",
        lambda self, codes, **k: asked.append(len(codes)) or windows(self, codes, **k),
    )
    script.main(given)
    assert len(asked) == 2  # of blocks of 2, 2, 2 and 1 genes
    assert hashlib.sha256(path.read_bytes()).hexdigest() == whole
    assert not list(path.parent.glob(".*"))


# ---- what is kept for other jobs


@pytest.fixture
def counted(monkeypatch):
    """The windows that the network was asked for since the last look."""
    asked, windows = [0], Beluga.windows

    def counting(self, codes, **options):
        outputs = windows(self, codes, **options)
        asked[0] += outputs[..., 0].size
        return outputs

    monkeypatch.setattr(Beluga, "windows", counting)

    def since():
        count, asked[0] = asked[0], 0
        return count

    return since


@pytest.fixture
def kept(given, tmp_path):
    """A job that keeps its features, done."""
    given.params.cache = str(tmp_path / "cache")
    script.main(given)
    return given


def genes_of(job, change) -> None:
    """Another table of genes."""
    table = pd.read_csv(job.input.genes, sep="\t", keep_default_na=False)
    job.input.genes = str(Path(job.input.genes).with_name("changed.tsv"))
    change(table).to_csv(job.input.genes, sep="\t", index=False)


def made_alone(job) -> bytes:
    """The output that the job writes without a cache."""
    output, cache = job.output.features, job.params.cache
    job.output.features, job.params.cache = str(Path(output).with_name("alone.h5")), None
    script.main(job)
    raw = Path(job.output.features).read_bytes()
    job.output.features, job.params.cache = output, cache
    return raw


def added(table):
    return pd.concat([table, table.iloc[[4]].assign(gene="new", tss=70_707)])


CHANGES = {
    "a second run": (lambda table: table, 0),
    "one gene less": (lambda table: table.drop(index=2), 0),
    "one gene more": (added, 1),
    "another order": (lambda table: table.iloc[::-1], 0),
    "other names": (lambda table: table.assign(gene="renamed_" + table["gene"]), 0),
    "another strand": (lambda table: table.assign(strand=[*"-", *table["strand"][1:]]), 1),
    "another TSS": (lambda table: table.assign(tss=[701, *table["tss"][1:]]), 1),
}


@pytest.mark.parametrize("what", CHANGES)
def test_only_what_is_new_is_computed(kept, counted, what):
    change, new = CHANGES[what]
    genes_of(kept, change)
    script.main(kept)
    assert counted() == 200 * new
    made = Path(kept.output.features).read_bytes()
    assert made == made_alone(kept)
    assert counted() >= 200 * 6


def test_another_run_another_name_of_the_chromosome_another_genome_around(kept, counted):
    """A gene's features are those of its own sequence."""
    fasta = Path(kept.input.fasta)
    fasta.write_text(f">11\n{CHR1[:20_000]}{CHR1}\n")
    Path(kept.input.index).unlink()
    Faidx(str(fasta), indexname=kept.input.index)
    kept.wildcards.chrom = "chr11"

    def moved(table):
        table = table[table["chrom"] == "chr1"]
        return table.assign(chrom="chr11", tss=table["tss"] + 20_000)

    genes_of(kept, moved)
    script.main(kept)
    assert counted() == 200  # of the first gene, which was at the chromosome's start


@pytest.mark.parametrize("what", ["weights", "genome", "strands", "precision", "code"])
def test_what_was_computed_from_other_inputs_is_not_taken(kept, counted, what):
    new = len(GENES)
    if what == "weights":
        torch.save(random_weights(SMALL, hidden=21, outputs=11, seed=5), kept.input.weights)
    elif what == "genome":
        fasta = Path(kept.input.fasta)
        fasta.write_text(fasta.read_text().replace("N" * 700, "A" * 700))
        Path(kept.input.index).touch()
        new = 3  # second to fourth
    elif what == "strands":
        kept.params.options["reverse_complement"] = False
    elif what == "precision":
        kept.params.options["precision"] = "bf16"
    else:
        kept.params.code, new = "b", 0  # that is what its version is for
    script.main(kept)
    sample = 5 if what == "precision" else 0
    assert 200 * new <= counted() <= 200 * (new + sample)
    assert Path(kept.output.features).read_bytes() == made_alone(kept)


def test_a_table_that_was_handed_on_is_taken(given, counted, tmp_path, caplog):
    """The output of a job is itself such a table."""
    script.main(given)
    before = Path(given.output.features).read_bytes()
    handed_on = tmp_path / "handed_on.h5"
    Path(given.output.features).rename(handed_on)
    counted()
    given.params.tables = [str(handed_on)]
    with caplog.at_level(logging.INFO, logger="foldcast"):
        script.main(given)
    assert counted() == 0 and Path(given.output.features).read_bytes() == before
    assert "7 of 7 are known already" in caplog.text
    given.params.options["reverse_complement"] = False
    with pytest.raises(InputError, match="strands: mean of both") as caught:
        script.main(given)
    assert "strands: as given" in caught.value.expected


def test_a_chromosome_that_the_sequence_lacks(given):
    given.wildcards.chrom = "chr3"
    with pytest.raises(InputError, match="chr3") as caught:
        script.main(given)
    assert caught.value.source == given.input.fasta and "chr2, chr1" in caught.value.found


@pytest.mark.parametrize("tss", [LENGTH, -1])
def test_a_tss_off_the_chromosome_is_of_another_assembly(given, tss):
    genes = Path(given.input.genes)
    genes.write_text(genes.read_text().replace("61203", str(tss)))
    with pytest.raises(InputError, match="assembly") as caught:
        script.main(given)
    assert caught.value.place == "gene third" and "2 such genes" in caught.value.found


def test_a_tss_at_the_last_base_is_fine(given):
    with Genome(given.input.fasta, given.input.index) as genome:
        assert genome.length("chr1") == LENGTH
    script.main(given)
    assert np.isfinite(read(given.output.features)["x"]).all()
