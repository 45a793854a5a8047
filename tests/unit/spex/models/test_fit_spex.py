"""The scripts spex_genes, promoter_features and fit_spex, run as Snakemake would."""

from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace

import h5py
import numpy as np
import pandas as pd
import pytest
from snakemake.iocontainers import Namedlist

from foldcast.config.config_schema import fill_defaults, load_schema
from foldcast.errors import InputError
from foldcast.files import read_table
from foldcast.resources.genome_sequence import index_sequence
from foldcast.spex.models.saved_models import load_fits
from foldcast.spex.models.trees import Options
from scripts.spex import fit_spex, promoter_features, spex_genes

CHROMS = ["chr1", "chr2", "chr3", "chr8", "chr9"]
PER_CHROM, F = 40, 4
FOLDS = {"hold_out": "fixed", "test": ["chr8"], "validation": ["chr9"], "chromosomes": CHROMS}


def job(paths, output, threads=1, **params):
    return SimpleNamespace(
        input=Namedlist(fromdict=paths),
        output=SimpleNamespace(**{name: str(path) for name, path in output.items()}),
        params=SimpleNamespace(**params),
        threads=threads,
    )


@pytest.fixture(scope="module")
def options():
    """The defaults of the schema."""
    schema = load_schema(Path(spex_genes.__file__).parents[2] / "schemas/config.schema.yaml")
    run: dict = {}
    fill_defaults(run, schema["properties"]["spex"]["additionalProperties"])
    return run


@pytest.fixture
def run(tmp_path):
    """Files of a run whose second tissue hangs on what is distal in mapA."""
    rng = np.random.default_rng(0)
    genes = pd.DataFrame(
        {
            "gene": [f"ENSG{k:03d}" for k in rng.permutation(PER_CHROM * len(CHROMS))],
            "chrom": np.repeat(CHROMS, PER_CHROM),
            "tss": np.tile(np.arange(PER_CHROM) * 1000, len(CHROMS)),
        }
    )
    n = len(genes)
    local, a, b = (rng.random((n, w)).astype("f4") for w in (10 * F, 2 * F, 2 * F))
    labels = pd.DataFrame({"gene": genes["gene"]})
    labels["Liver"] = 6 * local[:, 0] + 0.1 * rng.standard_normal(n)
    labels["Brain"] = 2 * local[:, 1] + 6 * a[:, 2] + 0.1 * rng.standard_normal(n)
    paths = {"genes": str(tmp_path / "genes.tsv"), "expression": str(tmp_path / "labels.tsv")}
    genes.to_csv(paths["genes"], sep="\t", index=False)
    labels.sample(frac=1, random_state=1).to_csv(paths["expression"], sep="\t", index=False)
    for kind in ("local", "distal"):
        paths[kind] = [str(tmp_path / f"{kind}.{chrom}.h5") for chrom in CHROMS]
        for chrom, path in zip(CHROMS, paths[kind], strict=True):
            rows = np.flatnonzero(genes["chrom"] == chrom)
            with h5py.File(path, "w") as file:
                file["genes"] = list(genes["gene"].iloc[rows])
                file.attrs["outputs"] = F
                found = {"x": local} if kind == "local" else {"mapA/x": a, "mapB/x": b}
                for name, x in found.items():
                    file[name] = x[rows]
    return paths


def fit(run, folder, feature_set, model, options, *, folds=FOLDS, seeds=(1,), threads=1, **changed):
    needed = (
        {"local"} if feature_set == "expecto" or "random" in feature_set else {"local", "distal"}
    )
    needed |= {"genes", "expression"}
    output = {name: folder / f"{name}.tsv" for name in ("predictions", "fit")}
    output["models"] = folder / "models"
    params = {
        "feature_set": feature_set,
        "maps": ["mapA", "mapB"],
        "base": "expecto",
        "kind": model,
        "options": options[model] | changed,
        "folds": folds,
        "seeds": list(seeds),
    }
    paths = {key: path for key, path in run.items() if key in needed}
    fit_spex.main(job(paths, output, threads, **params))
    return read_table(output["predictions"]), read_table(output["fit"])


def score(predictions, run, tissue):
    labels = read_table(run["expression"]).set_index("gene")[tissue]
    here = predictions[(predictions["tissue"] == tissue) & (predictions["set"] == "test")]
    return np.corrcoef(here["predicted"], labels[here["gene"]])[0, 1]


@pytest.mark.parametrize("kind", ["linear", pytest.param("trees", marks=pytest.mark.slow)])
def test_the_defaults_find_what_is_planted(run, tmp_path, options, kind):
    found = {
        feature_set: fit(run, tmp_path / feature_set, feature_set, kind, options)
        for feature_set in ("expecto", "mapA")
    }
    found["noise"] = fit(run, tmp_path / "noise", "mapA+random1", kind, options)
    brain = {
        feature_set: score(predictions, run, "Brain")
        for feature_set, (predictions, _) in found.items()
    }
    assert brain["mapA"] > 0.85 > 0.5 > max(brain["expecto"], brain["noise"])
    assert score(found["expecto"][0], run, "Liver") > 0.9
    predictions, fits = found["mapA"]
    assert list(predictions) == ["gene", "tissue", "seed", "fold", "set", "predicted"]
    chrom = read_table(run["genes"]).set_index("gene")["chrom"]
    for part, where in {"test": "chr8", "validation": "chr9"}.items():
        here = predictions.loc[predictions["set"] == part, "gene"]
        assert {*here} == {*chrom.index[chrom == where]} and len(here) == 2 * PER_CHROM
    assert len(predictions) == 4 * PER_CHROM  # of genes that were learnt from there is nothing
    assert fits[["n_train", "n_validation", "n_test"]].to_numpy().tolist() == [[120, 40, 40]] * 2
    assert fits["rounds" if kind == "trees" else "penalty"].notna().all()
    models = list(load_fits(tmp_path / "mapA/models"))
    assert [fit.tissue for fit in models] == ["Liver", "Brain"]
    assert {fit.predictor.width for fit in models} == {12 * F}


@pytest.mark.parametrize("kind", ["linear", "trees"])
def test_permuted_genes_and_threads_give_the_same_bytes(run, tmp_path, options, kind):
    quick = {"rounds": 20} if kind == "trees" else {}
    fit(run, tmp_path / "one", "mapA", kind, options, **quick)
    shuffled = pd.read_csv(run["genes"], sep="\t").sample(frac=1, random_state=2)
    shuffled.to_csv(run["genes"], sep="\t", index=False)
    for path in run["local"]:
        with h5py.File(path, "r+") as file:
            order = np.random.default_rng(3).permutation(PER_CHROM)
            names = list(file["genes"].asstr()[:][order])
            x = file["x"][:][order]
            del file["genes"], file["x"]
            file["genes"], file["x"] = names, x
    fit(run, tmp_path / "two", "mapA", kind, options, threads=2, **quick)
    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*.*"))
    assert len(files) >= 5
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_every_gene_is_held_out_once(run, tmp_path, options):
    folds = FOLDS | {"hold_out": "each"}
    predictions, fits = fit(run, tmp_path, "mapA", "linear", options, folds=folds)
    genes = read_table(run["genes"])
    liver = predictions[predictions["tissue"] == "Liver"]
    assert sorted(liver["gene"]) == sorted(genes["gene"])
    fold = genes.set_index("gene")["chrom"]
    assert (liver["fold"] == fold[liver["gene"]].to_numpy()).all()
    assert score(predictions, run, "Brain") > 0.9
    for chrom in CHROMS:
        (model,) = [
            fit for fit in load_fits(tmp_path / "models", ["Liver"]) if fit.fold.serves(chrom)
        ]
        assert model.fold.test == (chrom,)


def test_gblinear_as_published(run, tmp_path, options):
    predictions, fits = fit(run, tmp_path, "expecto", "linear", options, kind="gblinear")
    assert (fits["rounds"] == 100).all() and fits["penalty"].isna().all()
    assert score(predictions, run, "Liver") > 0.3


def test_too_few_genes_to_stop_on(run, tmp_path, options):
    labels = read_table(run["expression"]).set_index("gene")
    chr9 = read_table(run["genes"]).query("chrom == 'chr9'")["gene"]
    labels.loc[chr9[4:], "Brain"] = np.nan
    labels.to_csv(run["expression"], sep="\t")
    with pytest.raises(InputError, match="4 genes with a value in Brain to validate on"):
        fit(run, tmp_path, "expecto", "linear", options)


def test_genes_and_promoters(tmp_path, caplog):
    rng = np.random.default_rng(0)
    fasta, sizes = tmp_path / "genome.fa", tmp_path / "chrom.sizes"
    fasta.write_text(">chr1\n" + "".join(rng.choice(list("ACGT"), 20_000)) + "\n")
    index_sequence(fasta, tmp_path / "genome.fa.fai")
    sizes.write_text("chr1\t20000\n")
    annotation = tmp_path / "annotation.tsv"
    rows = [
        f"ENSG{k}\tS{k}\tchr1\t{k * 1000}\t{k * 1000 + 500}\t+\t{k * 1000}\tprotein_coding\t"
        for k in range(1, 10)
    ]
    header = "gene\tsymbol\tchrom\tstart\tend\tstrand\ttss\tbiotype\taliases"
    annotation.write_text("\n".join([header, *rows]) + "\n")
    table = tmp_path / "tpm.csv"
    values = [f"ENSG{k}.{k},{k},{100 - k}" for k in (3, 9, 1, 5)]
    table.write_text("\n".join(["id,A,B", *values]) + "\n")
    output = {name: tmp_path / f"{name}.tsv" for name in ("genes", "expression", "join")}
    paths = {"genes": annotation, "annotation": annotation, "expression": table, "sizes": sizes}
    options = {"id": "ensembl", "id_column": 1, "values": "linear", "pseudocount": 1e-4}
    params = {"chromosomes": ["chr1"], "gene_type": "all", "tissues": [], "table": options}
    spex_genes.main(job({k: str(v) for k, v in paths.items()}, output, **params))
    genes = read_table(output["genes"])
    assert list(genes) == ["gene", "symbol", "chrom", "tss", "strand", "biotype", "length"]
    assert list(genes["gene"]) == ["ENSG1", "ENSG3", "ENSG5", "ENSG9"]
    assert set(genes["length"]) == {500}
    labels = read_table(output["expression"])
    assert list(labels["gene"]) == list(genes["gene"])
    np.testing.assert_allclose(labels["A"], np.log(np.array([1, 3, 5, 9]) + 1e-4), rtol=1e-9)
    join = read_table(output["join"]).set_index("step")
    assert join.loc["measured", ["genes", "lost"]].tolist() == [4, 5]
    assert "only 4 of 9 genes" in caplog.text

    made = {"promoter": tmp_path / "promoter.tsv"}
    paths = {"genes": output["genes"], "fasta": fasta, "index": f"{fasta}.fai"}
    promoter_features.main(job({k: str(v) for k, v in paths.items()}, made))
    promoter = read_table(made["promoter"])
    assert list(promoter["gene"]) == list(genes["gene"])
    assert promoter["gc"].between(0.4, 0.6).all() and promoter["cpg_oe"].between(0.5, 1.5).all()


def test_a_tissue_without_differences(tmp_path):
    annotation, table, sizes = (tmp_path / name for name in ("a.tsv", "e.tsv", "s"))
    annotation.write_text(
        "gene\tsymbol\tchrom\tstart\tend\tstrand\ttss\tbiotype\taliases\n"
        "A\tA\tchr1\t1\t9\t+\t1\tx\t\nB\tB\tchr1\t2\t9\t+\t2\tx\t\n"
    )
    table.write_text("id\tFlat\nA\t50\nB\t50\n")
    sizes.write_text("chr1\t20000\n")
    output = {name: tmp_path / f"{name}.tsv" for name in ("genes", "expression", "join")}
    paths = {"genes": str(annotation), "expression": str(table), "sizes": str(sizes)}
    options = {"id": "symbol", "id_column": 1, "values": "linear", "pseudocount": 1e-4}
    params = {"chromosomes": ["chr1"], "gene_type": "all", "tissues": [], "table": options}
    with pytest.raises(InputError, match="column Flat\n  found:    the same value in every gene"):
        spex_genes.main(job(paths, output, **params))
    assert not output["genes"].exists()


def test_the_schema_has_the_defaults_of_the_library(options):
    assert options["trees"] == asdict(Options())
