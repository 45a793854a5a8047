"""Names of miRNAs, their hairpins and the multi-copy rule."""

import pandas as pd
import pytest

from foldcast.genes.mirna_hairpins import Hairpins, main_species, parse, parse_probe


@pytest.mark.parametrize(
    ("name", "species", "stem", "copy", "arm"),
    [
        ("mmu-miR-26a-5p", "mmu", "26a", None, "5p"),
        ("mmu-mir-26a-1", "mmu", "26a", 1, ""),
        ("mmu-miR-129-1-3p", "mmu", "129", 1, "3p"),
        ("mcmv-miR-m108-2-5p.1", "mcmv", "m108", 2, "5p"),
        ("miR-26a*", "", "26a", None, "*"),
        ("mmu-let-7a", "mmu", "let7a", None, ""),
        ("Mirlet7c-2", "", "let7c", 2, ""),
        ("Mirnlet7c-2", "", "let7c", 2, ""),
        ("Mirn26a-1", "", "26a", 1, ""),
        ("Mir1a-1", "", "1a", 1, ""),
        ("LET-7A-1-3P", "", "let7a", 1, "3p"),
        ("hsa-miR-548aj-3p", "hsa", "548aj", None, "3p"),
    ],
)
def test_parts_of_a_name(name, species, stem, copy, arm):
    mirna = parse(name)
    assert mirna is not None
    assert (mirna.species, mirna.stem, mirna.copy, mirna.arm) == (species, stem, copy, arm)


@pytest.mark.parametrize("name", ["Mirg", "Mir22hg", "Mir17hg", "Actb", "", "mir", "NEG_A"])
def test_what_is_no_mirna(name):
    assert parse(name) is None and parse_probe(name) == []


def test_a_probe_of_several_mirnas_is_all_of_them_or_none():
    assert [m.stem for m in parse_probe("mmu-miR-106a+mmu-miR-17")] == ["106a", "17"]
    assert parse_probe("mmu-miR-106a+Actb") == []


def annotation(*genes):
    table = pd.DataFrame(genes, columns=["symbol", "chrom", "start", "strand", "aliases"])
    table["gene"] = [f"g{i}" for i in range(len(table))]
    return table.assign(end=table["start"] + 80, tss=table["start"])


GENES = annotation(
    ("Mir21a", "chr1", 100, "+", None),
    ("Mir18", "chr1", 5000, "+", None),
    ("Mir26a-1", "chr1", 9000, "+", None),
    ("Mir26a-2", "chr2", 9000, "+", None),
    ("Mir16-1", "chr2", 30_000, "+", None),
    ("Mir16-2", "chr2", 35_000, "+", None),
    ("Mir50-1", "chr2", 30_000, "-", None),
    ("Mir50-2", "chr2", 35_000, "-", None),
    ("Mir60-1", "chr3", 1000, "+", None),
    ("Mir60-2", "chr3", 1000 + 80 + 10_000, "+", None),
    ("Mir138-1", "chr3", 50_000, "+", None),
    ("Gm99", "chr4", 7, "+", "x|Mirn99|mmu-mir-99"),
    ("Mir7-1", "chr5", 7, "+", None),
    ("Mir7-2", "chr6", 7, "+", None),
    ("Mir22hg", "chr7", 7, "+", "mir-22-3p"),
)


def resolve(name, **options):
    found = Hairpins(GENES, **options).resolve(name)
    symbol = None if found.row is None else GENES["symbol"][found.row]
    return symbol, found.how, found.explanation


@pytest.mark.parametrize(
    ("name", "symbol", "how"),
    [
        ("mmu-miR-21a-5p", "Mir21a", "hairpin, by symbol"),
        ("mmu-miR-21*", "Mir21a", "hairpin, by symbol but for the letter a"),
        ("mmu-miR-18a-3p", "Mir18", "hairpin, by symbol but for the letter a"),
        ("mmu-miR-99", "Gm99", "hairpin, by alias"),
        ("mmu-mir-26a-2", "Mir26a-2", "hairpin, by symbol"),
        ("mmu-miR-16-5p", "Mir16-1", "hairpin cluster"),
        ("mmu-miR-50", "Mir50-2", "hairpin cluster"),  # the most upstream on its strand
        ("mmu-miR-21+mmu-miR-18", "Mir21a", "hairpin cluster"),
    ],
)
def test_placed(name, symbol, how):
    assert resolve(name)[:2] == (symbol, how)


@pytest.mark.parametrize(
    ("name", "how", "said"),
    [
        ("mmu-miR-26a-5p", "several hairpins", "Mir26a-1 (chr1:9000-9080), Mir26a-2 (chr2"),
        ("mmu-miR-7a-5p", "several hairpins", "Mir7-1"),
        ("mmu-miR-60", "several hairpins", "2 hairpins"),  # 10 kb apart are not near
        ("mmu-miR-138", "several hairpins", "lacks copies of mmu-miR-138"),
        ("mmu-miR-21+mmu-miR-999", "several hairpins", "lacks copies of mmu-miR-999"),
        ("mmu-miR-999", "not found", "no hairpin of this name"),
        ("mmu-miR-22", "not found", "no hairpin of this name"),
        ("mmu-miR-7b", "not found", "no hairpin"),
        ("Actb", "not found", "not a miRNA's name"),
    ],
)
def test_nothing_is_guessed(name, how, said):
    symbol, found, explanation = resolve(name)
    assert (symbol, found) == (None, how) and said in explanation


def test_first_is_the_lowest_number_and_says_that_it_is_a_guess():
    symbol, how, explanation = resolve("mmu-miR-26a-5p", copies="first")
    assert (symbol, how) == ("Mir26a-1", "first of several hairpins")
    assert explanation.startswith("a guess among 2 hairpins")
    assert resolve("mmu-miR-138", copies="first")[0] == "Mir138-1"


def test_a_virus_on_the_array_has_no_locus_in_the_host():
    names = ["mcmv-miR-21-1", "mmu-miR-21", "mmu-miR-18a", "let-7a"]
    assert main_species(names) == "mmu" and main_species(["Actb"]) == ""
    assert resolve(names[0], species="mmu")[1] == "another species"
    assert resolve("mir-21", species="mmu")[0] == "Mir21a"


def test_order_of_the_annotation_does_not_matter():
    shuffled = GENES.sample(frac=1, random_state=1)
    for name in ("mmu-miR-26a", "mmu-miR-16", "mmu-miR-50", "mmu-miR-21"):
        for copies in ("near", "first"):
            once, again = Hairpins(GENES, copies), Hairpins(shuffled, copies)
            rows = [h.resolve(name).row for h in (once, again)]
            genes = [
                None if row is None else h.annotation["gene"][row]
                for h, row in zip((once, again), rows, strict=True)
            ]
            assert genes[0] == genes[1]


def test_the_mouse_lung_probes(mm9, mirna_probes):
    hairpins = Hairpins(mm9, species=main_species(mirna_probes))
    found = {name: hairpins.resolve(name) for name in mirna_probes}
    assert len(found) == 599 and all(parse_probe(name) for name in found)
    how = pd.Series([r.how.split(",")[0] for r in found.values()]).value_counts()
    assert how["another species"] == 33 and how["several hairpins"] == 46
    assert sum(r.row is not None for r in found.values()) >= 420
    symbols = {n: mm9["symbol"].iloc[r.row] for n, r in found.items() if r.row is not None}
    assert symbols["mmu-miR-21"] == "Mir21a" and symbols["mmu-let-7b"] == "Mirlet7b"
    assert symbols["mmu-miR-146a"] == "Mir146" and symbols["mmu-miR-450a-5p"] == "Mir450-2"
    assert not {"mmu-let-7a", "mmu-miR-124", "mmu-miR-106a+mmu-miR-17"} & symbols.keys()
