"""Known effects: planted ones are found, chance is not, and what a table may get wrong."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from effects_world import CHR1
from foldcast.errors import InputError
from foldcast.files import read_table, write_table
from foldcast.variants.known_effects import (
    AUPRC,
    DISTANCE,
    MAJORITY,
    SIGN,
    average_precision,
    pair_up,
    read_known,
    score_known,
)
from scripts.variants import score_known_effects

HEADER = "chr\tpos\teffect_allele\tother_allele\tgene\tslope\tsignificant\ttissue\n"


def pairs(n=400, share=0.8, seed=1):
    """Genes on 40 loci; of ``share`` of the variants sign and size are told, of the rest none."""
    rng = np.random.default_rng(seed)
    significant = rng.random(n) < 0.3
    known = rng.normal(0, 1, n) + 0.2
    told = rng.random(n) < share
    sign = np.where(told, np.sign(known), rng.choice([-1, 1], n))
    size = rng.random(n) + np.where(told & significant, 1, 0)
    table = pd.DataFrame(
        {
            "line": range(n), "variant": [f"v{k}" for k in range(n)], "gene": "g", "known": known,
            "significant": significant.astype(object), "distance": rng.integers(0, 9999, n),
            "feature_set": "expecto", "model": "linear", "tissue": "liver", "effect": sign * size,
            "read": True, "chrom": "chr1", "tss": rng.integers(0, 40, n) * 1_000_000,
        }
    )  # fmt: skip
    return table


def scored(table):
    return score_known(table, 1_000_000, 200, 1).set_index(["metric", "baseline"])


def test_planted_effects_are_found():
    table = pairs()
    found = scored(table)
    assert (found["verdict"] == "better").all() and (found["low"] < found["value"]).all()
    some = table[table["significant"].eq(True)]
    assert found.loc[SIGN, "value"].iloc[0] == np.mean(some["known"] * some["effect"] > 0)
    assert found.loc[SIGN, "n"].iloc[0] == len(some) and found.loc[AUPRC, "n"].iloc[0] == 400
    assert found.loc[(SIGN, MAJORITY), "baseline_value"] == max(
        (some["known"] > 0).mean(), (some["known"] < 0).mean()
    )
    assert found.loc[(AUPRC, DISTANCE), "positives"] == len(some)


def test_chance_is_seldom_called_better():
    calls = pd.concat([scored(pairs(120, 0, seed)) for seed in range(12)])
    assert (calls["verdict"] == "better").mean() < 0.1


def test_an_effect_of_none_is_half_right_and_few_loci_have_no_verdict():
    table = pairs().assign(effect=0.0)
    found = scored(table)
    assert (found.loc[SIGN, "value"] == 0.5).all()
    rate = table["significant"].eq(True).mean()
    assert found.loc[AUPRC, "value"].iloc[0] == pytest.approx(rate)
    assert set(scored(pairs().assign(tss=5))["verdict"]) == {"too few loci"}


def test_without_labels_signs_alone_are_scored():
    found = scored(pairs().assign(significant=None))
    assert found.index.get_level_values(0).unique().tolist() == [SIGN]
    assert found["n"].iloc[0] == 400


def test_average_precision_by_hand():
    label = np.array([True, False, True, False])
    once = np.ones((1, 4))
    score = np.array([4.0, 3, 2, 1])
    assert average_precision(score, label, once)[0] == pytest.approx((1 + 2 / 3) / 2)
    # Equal scores are one step, in whatever order they stand; weights are copies.
    assert average_precision(np.zeros(4), label, once)[0] == 0.5
    twice = average_precision(score, label, np.array([[2.0, 1, 0, 0], [0, 1, 0, 1]]))
    assert twice[0] == 1 and np.isnan(twice[1])


def known_of(path, *rows, header=HEADER):
    path.write_text(header + "".join("\t".join(map(str, row)) + "\n" for row in rows))
    return read_known(path).table


def test_both_layouts_and_either_allele_as_the_effect(tmp_path):
    table = known_of(
        tmp_path / "known.tsv", ("chr1", 10, "A", "G", "g1.3", -0.5, "Yes", "liver"),
        ("1", 11, "C", "T", "SYM", "NA", "0", ""),
    )  # fmt: skip
    assert table["known"].iloc[0] == -0.5 and np.isnan(table["known"].iloc[1])
    assert table["significant"].tolist() == [True, False] and table["alt"].tolist() == ["A", "C"]
    gtex = known_of(
        tmp_path / "gtex.tsv", ("chr1_10_G_A_b38", "g1", 0.2), ("chr1_11_T_C_b38", "g1", 0.1),
        header="variant_id\tgene_id\tslope\n",
    )  # fmt: skip
    assert gtex[["chrom", "position", "ref", "alt"]].to_numpy().tolist() == [
        ["chr1", 9, "G", "A"],
        ["chr1", 10, "T", "C"],
    ]
    assert gtex["significant"].isna().all()


@pytest.mark.parametrize(
    ("row", "header", "found"),
    [
        (("chr1", 10, "A", "G", "g1", "high", "yes", ""), HEADER, "an effect of 'high'"),
        (("chr1", 10, "A", "G", "g1", "inf", "yes", ""), HEADER, "an effect of 'inf'"),
        (("chr1", 10, "A", "G", "g1", 1, "maybe", ""), HEADER, "significant 'maybe'"),
        (("chr1_10_A_G", "g1"), "variant_id\tgene_id\n", "columns variant_id, gene_id"),
        (("chr1_10_A_G", 2), "variant_id\tslope\n", "columns variant_id, slope"),
        (("rs10", "g1", 2), "variant_id\tgene\tslope\n", "ids without positions"),
    ],
)
def test_tables_that_are_refused(tmp_path, row, header, found):
    with pytest.raises(InputError) as error:
        known_of(tmp_path / "known.tsv", row, header=header)
    assert found in error.value.found


EFFECTS = pd.DataFrame(
    [
        ("chr1:10 G>A", "ENSG1", "expecto", "liver", 0.3, 5),
        ("chr1:10 G>A", "ENSG1", "map", "liver", 0.4, 5),
        ("chr1:20 C>T", "ENSG1", "map", "liver", 0.1, 15),
    ],
    columns=["variant", "gene", "feature_set", "tissue", "effect", "distance"],
).assign(model="linear")
GENES = pd.DataFrame(
    {"gene": ["ENSG1", "ENSG2"], "symbol": ["ONE", "TWO"], "chrom": "chr1", "tss": 4}
)


def rows_of(*rows):
    columns = ["line", "chrom", "position", "ref", "alt", "sign", "gene", "known", "tissue"]
    return pd.DataFrame(rows, columns=columns).assign(significant=None)


def test_pairs_meet_by_place_and_gene_whichever_allele_is_the_new_one():
    known = rows_of(
        (2, "chr1", 9, "G", "A", 1, "ENSG1.4", 1.0, ""),
        (3, "chr1", 19, "C", "T", -1, "ONE", 2.0, "liver"),  # of C against T
        (4, "chr1", 19, "C", "T", 1, "ENSG2", 2.0, ""),  # not read
        (5, "chr1", 9, "G", "A", 1, "ENSG1", 1.0, "lung"),  # no such tissue
    )
    table = pair_up(known, EFFECTS, GENES).set_index(["line", "feature_set"])
    assert table.index.tolist() == [(2, "expecto"), (2, "map"), (3, "expecto"), (3, "map")]
    assert table["known"].tolist() == [1, 1, -2, -2]
    assert table["effect"].tolist() == [0.3, 0.4, 0, 0.1]
    assert table["read"].tolist() == [True, True, False, True]
    turned = EFFECTS.assign(variant=["chr1:10 A>G"] * 2 + ["chr1:20 T>C"])
    assert pair_up(known, turned, GENES)["known"].tolist() == [-1, -1, 2, 2]
    with pytest.raises(InputError, match="4 rows, of which 0"):
        pair_up(known.assign(gene="g7"), EFFECTS, GENES)


def test_the_script_scores_the_effects_of_a_run(world, tmp_path):
    rng = np.random.default_rng(3)
    at = np.arange(40_001, 40_301, 3)
    ref = [CHR1[k - 1] for k in at]
    alt = ["ACGT"["ACGT".index(base) - 1] for base in ref]
    effect = rng.normal(0, 1, len(at))
    names = [f"chr1:{k} {r}>{a}" for k, r, a in zip(at, ref, alt, strict=True)]
    effects = pd.DataFrame({"variant": names, "id": "", "gene": "A", "tissue": "liver"})
    effects = effects.assign(feature_set="expecto", model="linear", distance=at, effect=effect)
    write_table(effects, tmp_path / "variants.tsv")
    # The other allele as the effect allele, with the effect turned.
    rows = zip(at, ref, alt, -effect, strict=True)
    text = "".join(f"1\t{k}\t{r}\t{a}\ta\t{e}\t\t\n" for k, r, a, e in rows)
    known = tmp_path / "known.tsv"
    known.write_text(HEADER + text)
    given = {key: getattr(world, key) for key in ("fasta", "sizes", "genes")}
    job = SimpleNamespace(
        input=SimpleNamespace(
            **given, index=f"{world.fasta}.fai", known=known, variants=tmp_path / "variants.tsv"
        ),
        output=SimpleNamespace(scores=tmp_path / "scores.tsv", pairs=tmp_path / "pairs.tsv"),
        params=SimpleNamespace(locus_block=1_000_000, draws=100, bootstrap_seed=1),
    )
    score_known_effects.main(job)
    scores = read_table(tmp_path / "scores.tsv")
    assert (scores["value"] == 1).all() and set(scores["verdict"]) == {"too few loci"}
    assert len(read_table(tmp_path / "pairs.tsv")) == len(at)
