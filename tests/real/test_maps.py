"""Every real contact map at one resolution, through the scripts of the hic stage, import to QC.

What holds for any mammalian map is asserted of each; then what is known of single ones.
"""

from dataclasses import dataclass
from pathlib import Path

import bioframe
import cooler
import numpy as np
import pandas as pd
import pytest

from foldcast.files import read_table, write_table
from scripts.hic import (
    chromosome_arms,
    compartments,
    expected,
    hic_qc,
    import_map,
    insulation,
    map_depth,
    phasing_track,
    saddle,
    tads,
)

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Map:
    """Where a map is, what it is of, and how many contacts its source gives it."""

    file: str
    assembly: str
    chroms: tuple[str, ...]
    resolution: int
    contacts: int


HCT116 = "data/hic/HCT116_RAD21_timemats_{}of4.hg19.chr22.50kb.cool"
HCT116_CONTACTS = {1: 1_592_966, 2: 1_097_341, 3: 1_102_699, 4: 1_116_786}
MAPS = {
    "gm12878": Map(
        "data/hic/GM12878_Rao2014_rep.hg19.chr20.mcool", "hg19", ("chr20",), 50_000, 29_973_866
    ),
    "k562": Map("data/hic/K562.hg38.chr22.mcool", "hg38", ("chr22",), 50_000, 6_499_134),
    "calder": Map(
        "mirror/*/CSOgroup/CALDER2/*/tests/testthat/data/test.mcool",
        *("hg38", ("chr21", "chr22"), 50_000, 7_093_342),
    ),
    "tadlib": Map(
        "mirror/*/XiaoTaoWang/TADLib/*/data/GM12878-MboI.hg19.cool",
        *("hg19", ("chr21",), 10_000, 2_433_581),
    ),
    "j1": Map(
        "mirror/*/higlass/clodius/*/test/sample_data/Dixon2012-J1-NcoI-R1-filtered.1000kb.cool",
        *("mm9", (*(f"chr{k}" for k in range(1, 20)), "chrX", "chrY"), 1_000_000, 122_764_229),
    ),
    # RAD21 is back 20, 40, 60 and 180 minutes after the degron's wash-out.
    **{
        f"hct116_{k}": Map(HCT116.format(k), "hg19", ("chr22",), 50_000, contacts)
        for k, contacts in HCT116_CONTACTS.items()
    },
}


class Named(dict):
    """Items that are attributes too, as Snakemake's inputs are."""

    __getattr__ = dict.__getitem__


PARAMS = Named(
    balance={"min_nnz": 10, "mad_max": 5, "ignore_diags": 2, "max_iters": 500},
    windows=[10, 25],
    tad_limit=100_000,
    threshold="Li",
    weak=0.2,
    options={"format": "cool"},
    names=["map"],
)
OUTPUTS = {
    chromosome_arms: {"middles": "centromeres.tsv"},
    import_map: {"map": "map.cool"},
    phasing_track: {"track": "phasing_track.tsv"},
    expected: {
        "expected": "expected.tsv",
        "arms": "expected_arms.tsv",
        "trans": "expected_trans.tsv",
    },
    insulation: {"insulation": "insulation.tsv", "boundaries": "boundaries.tsv"},
    tads: {"tads": "tads.bed"},
    compartments: {"table": "compartments.tsv", "choice": "compartment_choice.tsv"},
    saddle: {"saddle": "saddle.tsv"},
    map_depth: {"depth": "depth.tsv"},
    hic_qc: {"qc": "qc.tsv"},
}


def tss(shared: Path, assembly: str) -> pd.DataFrame:
    """The chrom and tss of every gene."""
    if assembly == "mm9":
        return read_table(shared / "annotation/mm9_knownGene_genes.tsv.gz")[["chrom", "tss"]]
    release = {"hg19": "grch37", "hg38": "grch38"}[assembly]
    table = read_table(shared / f"annotation/annotables_{release}.tsv.gz", dtype={"chr": str})
    start = table["start"].where(table["strand"] > 0, table["end"])
    return pd.DataFrame({"chrom": "chr" + table["chr"], "tss": start})


def run_stage(folder: Path, source: Path, map_: Map, genes: pd.DataFrame) -> Named:
    """The tables that the stage makes of a map, the map, and its QC by metric."""
    files = Named(annotation=str(folder / "annotation.tsv"), sizes=str(folder / "chrom.sizes"))
    write_table(genes, files.annotation)
    sizes = bioframe.assembly_info(map_.assembly).chromsizes
    sizes.to_csv(files.sizes, sep="\t", header=False)
    params = Named(PARAMS, resolution=map_.resolution, assembly=map_.assembly)
    for script, names in OUTPUTS.items():
        output = Named({name: str(folder / file) for name, file in names.items()})
        given = Named(files)
        if script is import_map:
            given["map"] = [str(source)]
        elif script is saddle:
            given["expected"] = files["arms"]
        script.main(Named(input=given, output=output, params=params, threads=2))
        files.update(output)
        files.update({"compartments": output.table} if "table" in output else {})
    bed = ["chrom", "start", "end"]
    tables = ("expected", "insulation", "boundaries", "compartments", "choice")
    return Named(
        {name: read_table(files[name]) for name in tables},
        map=cooler.Cooler(files.map),
        tads=pd.read_csv(files.tads, sep="\t", names=bed),
        qc=read_table(files.qc).set_index("metric")["value"].to_dict(),
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory, shared, mirror) -> dict[str, Named]:
    """The stage's tables by map."""
    results = {}
    for name, map_ in MAPS.items():
        (source,) = shared.parent.glob(map_.file)
        genes = tss(shared, map_.assembly)
        results[name] = run_stage(tmp_path_factory.mktemp(name), source, map_, genes)
    return results


def both(one: pd.DataFrame, two: pd.DataFrame, column: str) -> float:
    """Spearman correlation of a column of two tables by bin."""
    table = one.merge(two, on=["chrom", "start"])
    return table[f"{column}_x"].corr(table[f"{column}_y"], method="spearman")


@pytest.mark.parametrize("name", MAPS)
def test_a_map_is_whole_and_decays_with_distance(made, name):
    result, map_ = made[name], MAPS[name]
    assert tuple(result.map.chromnames) == map_.chroms
    assert result.map.binsize == map_.resolution
    assert float(result.qc["contacts"]) == result.map.info["sum"] == map_.contacts
    assert result.qc["balancing_converged"] == "True"
    assert 0 < float(result.qc["deep_bins_fraction"]) <= 1
    # Up to 0.38: the short arms of chr21 and chr22 are not in the assembly.
    assert 0 < float(result.qc["bad_bins_fraction"]) < 0.4
    assert -1.5 < float(result.qc["decay_slope"]) < -0.4
    # On the diagonals that balancing left out too.
    curve = result.expected[result.expected["region1"] == map_.chroms[0]]["expected"]
    known = curve.dropna()
    assert (known[1:] > 0).all()  # one map was published without its main diagonal
    assert known.iloc[1] > 5 * known.iloc[len(known) // 4]
    assert curve.iloc[:20].notna().all()


@pytest.mark.parametrize("name", MAPS)
def test_compartments_are_oriented_by_genes(made, name):
    result = made[name]
    assert float(result.qc["compartment_track_correlation"]) > 0.3
    assert float(result.qc["saddle_strength"]) > 1.2
    known = result.compartments.dropna(subset="score")
    assert 0.2 < (known["score"] > 0).mean() < 0.8
    genes = known.groupby(known["score"] > 0)["track"].mean()
    assert genes[True] > 1.15 * genes[False]  # least in K562, an aneuploid


@pytest.mark.parametrize("name", [name for name in MAPS if MAPS[name].resolution < 1_000_000])
def test_boundaries_part_tads_of_the_usual_size(made, name):
    result, map_ = made[name], MAPS[name]
    good = result.map.bins()["weight"][:].notna().sum() * map_.resolution / 1e6
    assert 0.5 < len(result.boundaries) / good < 4  # per Mb
    assert 200_000 < float(result.qc["median_tad_size"]) < 1_500_000
    # Contacts within a TAD are more than over its borders at the same distance.
    score = f"log2_insulation_score_{10 * map_.resolution}"
    at = result.boundaries.merge(result.insulation, on=["chrom", "start"])[score]
    assert at.median() < result.insulation[score].median() - 0.2
    ends = set(zip(result.boundaries["chrom"], result.boundaries["start"], strict=True))
    assert set(zip(result.tads["chrom"], result.tads["start"], strict=True)) <= ends
    assert (result.tads["end"] > result.tads["start"]).all()


def test_a_map_of_1_mb_has_no_tads_and_says_so(made):
    result = made["j1"]
    assert result.qc["insulation"].startswith("no")
    assert not len(result.insulation) and not len(result.boundaries) and not len(result.tads)
    # Cis is more than trans, and every chromosome but chrY has its compartments.
    assert float(result.qc["cis_trans_ratio"]) > 3
    choice = result.choice.set_index("arm")
    assert choice.index[choice["chosen"].isna()].to_list() == ["chrY"]
    assert choice["r"].dropna().min() > 0.5 and set(choice["chosen"].dropna()) == {"E1"}


def test_two_laboratories_see_the_same_folding_of_chr22(made):
    """K562 and 4DNFI2EK1IOQ: TADs are much the same in any cell, compartments less so."""
    one, two = made["k562"], made["calder"]
    assert both(one.insulation, two.insulation, "log2_insulation_score_500000") > 0.65
    assert both(one.compartments, two.compartments, "score") > 0.45


def test_tads_come_back_with_cohesin(made):
    time_course = [made[f"hct116_{k}"] for k in HCT116_CONTACTS]
    strength = [result.boundaries["boundary_strength"].mean() for result in time_course]
    assert (np.diff(strength) > 0).all() and strength[-1] > 1.25 * strength[0]
    # Neighbours in time are more alike than the first and the last.
    score = "log2_insulation_score_500000"
    alike = [
        both(a.insulation, b.insulation, score)
        for a, b in zip(time_course, time_course[1:], strict=False)
    ]
    assert min(alike) > both(time_course[0].insulation, time_course[-1].insulation, score)
