"""Labs that are drawn: other sizes, formats, names and settings, spoilt or not."""

import cooler
import numpy as np
import pandas as pd

import bad_genome
import bad_maps
import bad_sequence
import bad_tables
from bad_input import Bad
from small_lab import GTF, SHEET, TISSUES, Lab, sample_sheet

# What a lab may have without a fault that any reader must see at once.
FAULTS: dict[str, Bad] = {
    name: case
    for cases in (bad_tables, bad_maps, bad_genome, bad_sequence)
    for name, case in cases.CASES.items()
}
SPOILT = 0.25  # share of labs that are spoilt on purpose, besides what is drawn


def draw(lab: Lab, seed: int) -> str:
    """Change a lab as it comes; what was spoilt on purpose, or nothing.

    Args:
        lab: of `small_lab.copy_of`.
        seed: of all that is drawn.
    """
    rng = np.random.default_rng(seed)
    if rng.random() < SPOILT:
        name = sorted(FAULTS)[rng.integers(len(FAULTS))]
        FAULTS[name].spoil(lab)
        return name
    lab.set("stages", ["hic", "evaluation"])
    if rng.random() < 0.25:
        _sequence(lab, rng)
    else:
        _course(lab, rng)
        _values(lab, rng)
        _graph(lab, rng)
    _genome(lab, rng)
    _map(lab, rng)
    return ""


def _course(lab: Lab, rng: np.random.Generator) -> None:
    """Some of the times and replicates, unevenly; a few genes, or all; other names."""
    times = np.sort(rng.choice(12, size=int(rng.choice([5, 9, 10, 11, 12, 12])), replace=False))
    most = rng.integers(1, 3, size=12) if rng.random() < 0.5 else np.full(12, rng.integers(1, 3))
    rows = [line.split("\t") for line in sample_sheet().splitlines()]
    scale = rng.choice([0.5, 1.0, 24.0])
    shift = rng.choice([0.0, -4.5])
    kept = [
        [name, column, f"{float(time) * scale + shift:g}", replicate]
        for name, column, time, replicate in rows[1:]
        if int(time) // 2 in times and int(replicate) <= most[int(time) // 2]
    ]
    by_name = rng.random() < 0.5
    sheet = [rows[0], *kept]
    lab.put([[r[0], *r[2:]] for r in sheet] if by_name else sheet, SHEET)
    header, *genes = lab.rows()
    size = int(rng.integers(1, len(genes) + 1)) if rng.random() < 0.5 else len(genes)
    genes = [genes[i] for i in np.sort(rng.choice(len(genes), size=size, replace=False))]
    style = rng.integers(5)
    ids = _ids(lab)
    for i, row in enumerate(genes):
        row[0] = {
            0: row[0],
            1: ids.get(row[0], row[0]),
            2: f"{ids.get(row[0], row[0])}.{i}|{row[0]}",
            3: row[0].capitalize(),
            4: row[0] if rng.random() < 0.4 else f"LOC{i}",
        }[int(style)]
    lab.put([header, *genes])
    lab.set("evaluation.first_origin", float(rng.choice([0.4, 0.6, 0.7, 0.7, 0.8])))
    lab.set("evaluation.refit_every", int(rng.integers(1, 6)))
    lab.set("evaluation.seeds", [1])


def _values(lab: Lab, rng: np.random.Generator) -> None:
    """Counts or log2; genes that are silent, constant or seen once; scaling."""
    header, *genes = lab.rows()
    kind = str(rng.choice(["log2", "counts", "normalised"]))
    for row in genes:
        values = np.array(row[1:], float)
        if rng.random() < 0.15:
            values[:] = rng.choice([0.0, values[0]])
        if rng.random() < 0.05:
            values[: len(values) // 2] = 0.0
        if kind == "counts":
            values = np.round(2**values) * rng.choice([1, 1, 1, 0])
        elif kind == "normalised":
            values = 2**values
        row[1:] = [f"{value:.10g}" for value in values]
    lab.put([header, *genes])
    lab.set("datasets.mrna.values", kind)
    lab.set("datasets.mrna.normalise", str(rng.choice(["none", "median", "upper_quartile"])))
    lab.set("datasets.mrna.duplicates", str(rng.choice(["keep", "merge"])))


def _graph(lab: Lab, rng: np.random.Generator) -> None:
    graph = lab.config["graphs"]["folded"]
    graph["contact"] = str(rng.choice(["observed_over_expected", "balanced"]))
    graph["transform"] = str(rng.choice(["ratio", "log1p", "raw"]))
    graph["max_distance"] = [None, 20_000, 100_000, 400_000][rng.integers(4)]
    graph["neighbours"] = [None, 1, 5][rng.integers(3)]
    graph["compartment_resolution"] = [None, 50_000][rng.integers(2)]
    if rng.random() < 0.3:
        how = str(rng.choice(["matched", "distance", "identity"]))
        lab.set("graphs.other", {"rewire": {"of": "folded", "how": how}})
        lab.config["datasets"]["mrna"]["graphs"] = ["folded", "other"]


def _genome(lab: Lab, rng: np.random.Generator) -> None:
    """Names of chromosomes, a part of the annotation, centromeres."""
    text = lab.read(GTF)
    if rng.random() < 0.3:
        text = text.replace("\nchr", "\n")
    if "spex" not in lab.config and rng.random() < 0.2:
        text = "".join(line for line in text.splitlines(True) if not line.startswith("chr2"))
    lab.write(GTF, text)
    if rng.random() < 0.3:
        middle = int(rng.integers(1, 499)) * 1000
        lab.write("data/centromeres.bed", f"chr1\t{middle - 500}\t{middle + 500}\n")
        lab.set("genome.centromeres", {"path": "data/centromeres.bed"})


def _map(lab: Lab, rng: np.random.Generator) -> None:
    """The map as it is, of some chromosomes, thinned, or as text."""
    kind = str(rng.choice(["mcool", "part", "thin", "empty", "triples", "bedpe", "hicpro"]))
    bins, pixels = lab.cooler()
    chrom = bins["chrom"].astype(str).to_numpy()
    first, second = chrom[pixels["bin1_id"]], chrom[pixels["bin2_id"]]
    if kind == "mcool":
        return
    if kind == "part":
        bins = bins[chrom == "chr1"].reset_index(drop=True)
        pixels = pixels[(first == "chr1") & (second == "chr1")]
    elif kind == "thin":
        share = rng.choice([0.5, 0.02, 0.0005])
        pixels = pixels.assign(count=rng.binomial(pixels["count"], share)).query("count > 0")
    elif kind == "empty":
        pixels = pixels[(first != "chr3") & (second != "chr3")]
    elif kind == "triples":
        bad_maps.triples(lambda a, b, n: f"{a}\t{b}\t{n}")(lab)
    elif kind == "hicpro":
        bad_maps.hicpro()(lab)
    else:
        rows = rng.choice(np.flatnonzero(first == second), size=int(rng.integers(1, 300)))
        near = pixels.iloc[rows]
        ends = [bins.loc[near[side]].reset_index(drop=True) for side in ("bin1_id", "bin2_id")]
        loops = pd.concat([*ends, near[["count"]].reset_index(drop=True)], axis=1)
        text = loops.to_csv(sep="\t", header=False, index=False)
        bad_maps.text(text, "bedpe", score_column=7)(lab)
    if kind in ("part", "thin", "empty"):
        cooler.create_cooler(str(lab.path("data/odd.cool")), bins, pixels, ordered=True)
        bad_maps.use(lab, "data/odd.cool")
    for graph in lab.config.get("graphs", {}).values():
        if "maps" in graph:
            graph["compartment_resolution"] = None


def _sequence(lab: Lab, rng: np.random.Generator) -> None:
    """The sequence half up to its genes and contacts: tissues with gaps, other ids, fewer genes."""
    run = lab.sequence(control_contacts={"kinds": []})
    lab.set("stages", ["hic"])
    header, *genes = lab.rows(TISSUES)
    symbols = {gene: symbol for symbol, gene in _ids(lab).items()}
    by_symbol = rng.random() < 0.5
    for i, row in enumerate(genes):
        row[0] = symbols.get(row[0], row[0]) if by_symbol else row[0] + (f".{i}" if i % 2 else "")
        if rng.random() < 0.2:
            row[int(rng.integers(1, 3))] = str(rng.choice(["", "NA", "0"]))
    size = int(rng.integers(80, len(genes) + 1))
    genes = [genes[i] for i in rng.choice(len(genes), size=size, replace=False)]
    lab.put([header, *genes], TISSUES)
    run["expression"]["id"] = "symbol" if by_symbol else "ensembl"
    run["contacts"]["max_distance"] = [None, 50_000, 300_000][rng.integers(3)]
    run["contacts"]["value"] = str(rng.choice(["balanced", "observed_over_expected", "raw"]))
    run["gene_type"] = str(rng.choice(["all", "protein_coding"]))


def _ids(lab: Lab) -> dict[str, str]:
    """Symbol → id, by the annotation."""
    lines = [line.split('"') for line in lab.read(GTF).splitlines() if "\tgene\t" in line]
    return {parts[3]: parts[1] for parts in lines}


def targets(lab: Lab) -> list[str]:
    """What is made of a lab after preflight: all up to the scores, or genes and contacts."""
    if "spex" in lab.config:
        return ["results/lab/spex/tiny/genes.tsv", "results/lab/spex/tiny/contacts/folded.h5"]
    return ["evaluation", "hic"]
