"""Files of the config that no stage needs at once: centromeres, answers, gene sets of a panel."""

import json

import pandas as pd
import pytest

from foldcast.errors import InputError, together
from foldcast.preflight.given_gene_sets import look_at_answers, look_at_sets
from foldcast.preflight.given_maps import look_at_centromeres

SIZES = pd.Series({"chr1": 1_000_000})
ABOUT = {"identifiers": "symbol", "ignore_case": False, "names": None, "foreign": False}
GENES = pd.DataFrame(
    {"gene": ["ENSG1", "ENSG2", "ENSG3"], "symbol": ["TP53", "ACTB", "IL6"], "aliases": "7157"}
)


def test_centromeres(tmp_path):
    path = tmp_path / "centromeres.bed"
    path.write_text("chr1\t400000\t600000\n")
    with together() as attempt:
        assert look_at_centromeres(attempt, path, SIZES) == "centromeres: of 1 chromosomes"
        assert look_at_centromeres(attempt, path, None) == ""
    path.write_text("chr9\t400000\t600000\n")
    with pytest.raises(InputError, match="centromeres of chr9"), together() as attempt:
        look_at_centromeres(attempt, path, SIZES)


def test_answers_must_be_about_this_genome(tmp_path):
    path = tmp_path / "mygene.json"
    path.write_text(json.dumps({"species": "mouse", "assembly": "mm10", "answers": {"x": []}}))
    with together() as attempt:
        said = look_at_answers(attempt, path, None, "mm10")
    assert said == "answers of mygene.info: about 1 names"
    with pytest.raises(InputError, match="answers about human"), together() as attempt:
        look_at_answers(attempt, path, None, "hg38")
    path.write_text("<html>")
    with pytest.raises(InputError, match="no JSON"), together() as attempt:
        look_at_answers(attempt, path, "mouse", "mm10")


def test_sets_must_hold_genes_of_each_panel(tmp_path):
    path = tmp_path / "sets.gmt"
    path.write_text("A\t\tTP53\tIL6\nB\t\tIL6\n")
    panels = {"dataset mrna": GENES.assign(gene=["a", "b", "c"], gene_id=GENES["gene"])}
    with together() as attempt:
        said = look_at_sets(attempt, "x", path, ABOUT, GENES, panels)
    assert said.endswith("2 of 3 genes of dataset mrna")
    panels["run mine"] = GENES.iloc[1:2]
    with pytest.raises(InputError, match="none of 1 genes") as caught, together() as attempt:
        look_at_sets(attempt, "x", path, ABOUT, GENES, panels)
    assert caught.value.source == str(path)
    with together() as attempt:  # mygene.info is asked for the names later
        assert look_at_sets(attempt, "x", path, ABOUT | {"names": "rat"}, GENES, panels)


def test_sets_of_ids_are_told_so(tmp_path):
    path = tmp_path / "sets.gmt"
    path.write_text("A\t\t" + "\t".join(map(str, range(100, 120))) + "\n")
    with pytest.raises(InputError, match="Entrez"), together() as attempt:
        look_at_sets(attempt, "x", path, ABOUT, GENES, {"dataset mrna": GENES})
