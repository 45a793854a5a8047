"""mygene.info as a resolver: the real client against a loopback server, and what is believed."""

import json
import time

import httpx
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.expression.expression_tables import read_expression
from foldcast.expression.sample_sheets import read_samples
from foldcast.files import write_table
from foldcast.genes import mygene_client
from foldcast.genes.mygene_answers import MyGene, queries_of, read_answers, write_answers
from foldcast.genes.name_resolution import resolve_panel
from foldcast.genes.species import species_of
from mygene_server import MyGeneServer
from scripts.expression import query_names
from scripts.expression.query_names import ask

SIZES = pd.Series({"chr1": 100_000, "chr2": 100_000, "chrX": 100_000})


def position(chrom, start, end, strand=1):
    return {"chr": chrom, "start": start, "end": end, "strand": strand}


def record(number, symbol, alias=None, ensembl=None, name="", **positions):
    found = {"_id": str(number), "entrezgene": str(number), "symbol": symbol, "name": name}
    if alias:
        found["alias"] = alias
    if ensembl:
        found["ensembl"] = ensembl
    return found | positions


RECORDS = [
    record(11, "Cdh1", ["Ecad", "E-cadherin"], genomic_pos_mm9=position("1", 1001, 1500)),
    record(12, "Cdh2", "Ncad", genomic_pos_mm9=position("1", 3001, 3500)),
    # Only mygene.info knows this alias.
    record(13, "Cdh3", ["Pcad", "P-cadherin"], genomic_pos_mm9=position("1", 5001, 5500)),
    # The annotation has it under its older symbol.
    record(14, "Newname", ["Oldname"], genomic_pos_mm9=position("1", 7001, 7500)),
    # The annotation lacks these.
    record(
        15, "Lone", "Only", {"gene": "ENSMUSG015"}, "loner",
        genomic_pos_mm9=position("X", 2001, 2600, -1),
    ),
    record(16, "Patchy", genomic_pos_mm9=[position("2", 1, 9), position("2", 51, 90)]),
    record(17, "Haplo", genomic_pos_mm9=[position("NT_1", 1, 9), position("2", 51, 90)]),
    record(18, "Homeless"),
    record(19, "Beyond", genomic_pos_mm9=position("2", 99_000, 100_001)),
    # Two genes of one alias; and one whose symbol is another's alias.
    record(20, "Two1", "Both", genomic_pos_mm9=position("2", 101, 200)),
    record(21, "Two2", ["Both"], genomic_pos_mm9=position("2", 301, 400)),
    record(22, "Strong", genomic_pos_mm9=position("2", 501, 600)),
    record(23, "Weak", "strong", genomic_pos_mm9=position("2", 701, 800)),
    # The annotation has it elsewhere.
    record(24, "Moved", "Mover", genomic_pos_mm9=position("2", 901, 950)),
    # One of two loci of a symbol.
    record(25, "Twin", ensembl=[{"gene": "E25"}], genomic_pos_mm9=position("1", 15001, 15500)),
]  # fmt: skip


@pytest.fixture
def annotation():
    symbols = ["Cdh1", "Cdh2", "Cdh3", "Oldname", "Moved", "Rage", "Twin", "Twin", "Shared1"]
    ids = ["11", "12", "13", "14", "24", "30", "31", "32", "33"]
    table = pd.DataFrame({"gene": ids, "symbol": symbols, "chrom": "chr1", "strand": "+"})
    start = 1000 + 2000 * table.index
    aliases = table["symbol"].map({"Moved": "Mv", "Rage": "Both2", "Shared1": "Both2"})
    return table.assign(start=start, end=start + 500, tss=start, aliases=aliases)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = MyGeneServer(RECORDS)
    yield server
    server.close()


def answers_of(server, tmp_path, texts, **kwargs):
    known = ask(texts, "mouse", "mm9", server.url, backoff=0, delay=0, **kwargs)
    write_answers(known, "mouse", "mm9", server.url, tmp_path / "mygene.json")
    return read_answers(tmp_path / "mygene.json")


@pytest.fixture
def resolve(server, tmp_path, annotation):
    """Resolve names with mygene.info's answers, as the workflow does."""

    def resolve(*names, assembly="mm9", by_hand=None):
        table = pd.DataFrame({"gene": names, "s": 1.0})
        write_table(table, tmp_path / "measured.tsv")
        job = Job(tmp_path, server.url, assembly)
        query_names.main(job)
        mygene = MyGene(read_answers(job.output.answers), assembly, SIZES)
        loci, report = resolve_panel(names, annotation, by_hand, mygene=mygene)
        assert loci["gene"].tolist() == report["gene"].tolist() == list(names)
        return loci.set_index("gene"), report.set_index("gene")

    return resolve


class Files(dict):
    __getattr__ = dict.__getitem__


class Job:
    def __init__(self, folder, url, assembly="mm9", cache=(), species=None):
        self.input = Files(measured=folder / "measured.tsv", cache=cache)
        self.output = Files(answers=folder / "mygene.json")
        self.params = Files(species=species, assembly=assembly, url=url)


def test_the_client_asks_as_mygene_info_wants(server):
    known = ask(["E-cadherin", "nothing"], "mouse", "mm9", server.url, delay=0)
    (asked,) = server.asked
    assert asked == {
        "path": "/v3/query/",
        "q": '"E-cadherin","nothing"',
        "scopes": "symbol,alias,entrezgene,ensembl.gene",
        "fields": "symbol,alias,name,entrezgene,ensembl.gene,genomic_pos,genomic_pos_mm9",
        "species": "mouse",
    }
    assert known == {"E-cadherin": [RECORDS[0]], "nothing": []}


@pytest.mark.parametrize(
    ("assembly", "field"),
    [("hg19", "hg19"), ("GRCh37", "hg19"), ("NCBIM37", "mm9"), ("GRCm39", "mm39")],
)
def test_positions_are_asked_for_in_the_assembly(server, assembly, field):
    ask(["x"], "mouse", assembly, server.url, delay=0)
    assert server.asked[0]["fields"].split(",")[-1] == f"genomic_pos_{field}"


def test_many_names_go_in_batches_of_a_thousand(server):
    known = ask((f"n{i}" for i in range(2500)), "mouse", "mm9", server.url, delay=0)
    assert [asked["q"].count(",") + 1 for asked in server.asked] == [1000, 1000, 500]
    assert len(known) == 2500 and not any(known.values())


@pytest.mark.parametrize(
    ("assembly", "species"),
    [("mm9", "mouse"), ("GRCm39", "mouse"), ("hg38", "human"), ("GRCh37", "human"), ("rn6", "rat")],
)
def test_an_assembly_tells_its_species(assembly, species):
    assert species_of(assembly) == species


def test_of_another_assembly_the_species_must_be_said():
    with pytest.raises(InputError, match=r"names.species[\s\S]*danRer11[\s\S]*set `names.species`"):
        species_of("danRer11")


@pytest.mark.parametrize(
    ("name", "gene_id", "how", "said"),
    [
        ("Pcad", "13", "mygene alias", "Pcad is an alias of Cdh3"),
        ("P-CADHERIN (PMID 1)", "13", "mygene alias", "at Cdh3 (13, chr1:5000-5500)"),
        ("Newname", "14", "mygene symbol", "at Oldname (14, chr1:7000-7500)"),
        ("15", "15", "mygene gene id", "the annotation lacks it"),
        ("ENSMUSG015", "15", "mygene gene id", "ENSMUSG015 is the gene id of Lone (15, loner)"),
        ("Twin", "32", "mygene symbol", "at Twin (32, chr1:15000-15500)"),
        ("Haplo", "17", "mygene symbol", "genomic_pos_mm9"),
        ("Strong", "22", "mygene symbol", "Strong is the symbol of Strong"),
        ("Both", None, "ambiguous", "knows more than one: Two1 (20), Two2 (21)"),
        ("Both2", None, "ambiguous", "mygene.info knows no such symbol or alias"),
        ("Patchy", None, "not found", "more than one locus, chr2:0-9, chr2:50-90"),
        ("Homeless", None, "not found", "no locus in genomic_pos_mm9"),
        ("Beyond", None, "not found", "no locus in genomic_pos_mm9"),
        ("Mover", None, "not found", "at chr2:900-950; the annotation has Moved (24, chr1:9000"),
        ("cadherin", None, "not found", "mygene.info knows no such symbol or alias"),
        ("Cdh", None, "not found", "knows no such"),
    ],
)  # fmt: skip
def test_what_is_taken_and_what_is_not(resolve, name, gene_id, how, said):
    loci, report = resolve(name)
    found = loci["gene_id"][name]
    assert (found if gene_id else pd.isna(found)) and report["how"][name] == how
    assert found == gene_id or not gene_id
    assert said in report["explanation"][name]


def test_a_gene_that_the_annotation_lacks_takes_its_own_coordinates(resolve):
    loci, report = resolve("Only", "Cdh1")
    row = loci.loc["Only"]
    assert row[["symbol", "gene_id", "chrom", "start", "end", "strand", "tss"]].tolist() == [
        "Lone", "15", "chrX", 2000, 2600, "-", 2599
    ]  # fmt: skip
    assert report["how"].tolist() == ["mygene alias", "symbol"]
    assert "the locus is genomic_pos_mm9 of mm9" in report["explanation"]["Only"]


def test_the_locus_tells_two_rows_of_one_symbol_apart(resolve, annotation):
    annotation.loc[7, ["start", "end"]] = [25000, 25500]
    loci, report = resolve("Twin")
    assert pd.isna(loci["gene_id"]["Twin"]) and report["how"]["Twin"] == "ambiguous"
    assert "more than one gene: " in report["explanation"]["Twin"]
    assert (
        "mygene.info: Twin is the symbol of Twin (25), at chr1:15000"
        in report["explanation"]["Twin"]
    )
    annotation.loc[6, ["start", "end"]] = [15000, 15500]
    loci, report = resolve("Twin")
    assert loci["gene_id"]["Twin"] == "31" and report["how"]["Twin"] == "mygene symbol"


def test_the_annotation_decides_and_differences_are_said(resolve):
    by_hand = pd.DataFrame([("Only", "Rage", "by hand")], columns=["gene", "symbol", "reason"])
    loci, report = resolve("Cdh1", "Moved", "Mv", "Only", by_hand=by_hand)
    assert loci["gene_id"].tolist() == ["11", "24", "24", "30"]
    said = report["explanation"]
    assert said["Cdh1"] == "Cdh1 is the symbol Cdh1"
    assert "; mygene.info places it at chr2:900-950" in said["Moved"]
    assert said["Only"] == "by hand"


def test_another_gene_of_the_same_name_is_said(resolve, annotation):
    annotation.loc[5, "aliases"] = "Ncad"
    loci, report = resolve("Ncad")
    assert loci["gene_id"]["Ncad"] == "30"
    assert "Ncad is an alias of Cdh2" in report["explanation"]["Ncad"]


PLACED = [record(n, f"G{n}", f"A{n}", genomic_pos=position("1", 100 * n + 1, 100 * n + 50))
          for n in range(1, 9)]  # fmt: skip


@pytest.mark.parametrize(("shift", "usable"), [(0, True), (50_000, False)])
def test_positions_of_no_named_assembly_must_fit_the_annotation(
    resolve, server, annotation, shift, usable, caplog
):
    server.records = PLACED
    rows = [(str(n), f"G{n}", "chr1", "+", 100 * n + shift, 100 * n + 50 + shift, 100 * n, "")
            for n in range(1, 6)]  # fmt: skip
    columns = ["gene", "symbol", "chrom", "strand", "start", "end", "tss", "aliases"]
    annotation.drop(annotation.index, inplace=True)
    for row in rows:
        annotation.loc[len(annotation)] = dict(zip(columns, row, strict=True))
    with caplog.at_level("INFO", "foldcast"):
        loci, report = resolve(*(f"G{n}" for n in range(1, 8)), "A2", assembly="mm10")
    assert pd.isna(loci["chrom"]["G7"]) != usable
    assert loci["gene_id"]["A2"] == "2"  # by its id, wherever it is
    assert ("left unused" in caplog.text) != usable
    assert "places it at" not in "".join(report["explanation"])


def test_order_of_names_hits_and_annotation_does_not_matter(resolve, server, annotation):
    names = ["Pcad", "Cdh1", "Only", "Both", "Moved", "Twin", "nothing"]
    once = resolve(*names)
    server.records = RECORDS[::-1]
    shuffled = annotation.sample(frac=1, random_state=1).reset_index(drop=True)
    annotation[:] = shuffled
    again = resolve(*names[::-1])
    for before, after in zip(once, again, strict=True):
        pd.testing.assert_frame_equal(before, after.loc[names])


def test_equal_answers_give_equal_bytes_and_are_not_asked_for_again(server, tmp_path):
    write_table(pd.DataFrame({"gene": ["Pcad", "x (Cdh1)"], "s": 1.0}), tmp_path / "measured.tsv")
    job = Job(tmp_path, server.url)
    query_names.main(job)
    first = job.output.answers.read_bytes()
    known = json.loads(first)
    assert known["species"] == "mouse" and known["service"] == server.url
    assert sorted(known["answers"]) == ["Cdh1", "Pcad", "x", "x (Cdh1)"]
    assert "_score" not in first.decode()
    asked = len(server.asked)
    query_names.main(job)  # the last run's answers stay and serve
    assert len(server.asked) == asked and job.output.answers.read_bytes() == first
    job.output.answers.unlink()
    query_names.main(job)
    assert len(server.asked) == 2 * asked and job.output.answers.read_bytes() == first
    query_names.main(Job(tmp_path, server.url, assembly="mm10"))  # other positions are needed
    assert len(server.asked) == 3 * asked

    cache, asked = tmp_path / "kept.json", len(server.asked)
    job.output.answers.rename(tmp_path / "other.json")
    cache.write_bytes(first)
    query_names.main(Job(tmp_path, server.url, cache=cache))
    assert len(server.asked) == asked and job.output.answers.read_bytes() == first
    job.output.answers.unlink()
    write_table(pd.DataFrame({"gene": ["Pcad", "new"], "s": 1.0}), tmp_path / "measured.tsv")
    query_names.main(Job(tmp_path, server.url, cache=cache))
    assert server.asked[asked]["q"] == '"new"'
    assert sorted(json.loads(job.output.answers.read_bytes())["answers"]) == ["Pcad", "new"]


def test_a_complete_cache_needs_no_network(tmp_path):
    write_table(pd.DataFrame({"gene": ["Pcad"], "s": 1.0}), tmp_path / "measured.tsv")
    cache = tmp_path / "kept.json"
    write_answers({"Pcad": [RECORDS[2]]}, "mouse", "mm9", "x", cache)
    query_names.main(Job(tmp_path, "http://127.0.0.1:9/v3", cache=cache))
    assert read_answers(tmp_path / "mygene.json")["Pcad"][0].symbol == "Cdh3"


def test_a_busy_server_is_asked_again(server, caplog):
    busy = iter([(503, b""), (429, b""), None])
    server.answer = lambda: next(busy)
    with caplog.at_level("INFO", "foldcast"):
        known = ask(["Pcad"], "mouse", "mm9", server.url, backoff=0, delay=0)
    assert known["Pcad"] == [RECORDS[2]] and "HTTP 429 Too Many Requests; trying" in caplog.text


REMEDY = r"[\s\S]*remedy:[\s\S]*names.cache[\s\S]*names.resolver: annotation"


@pytest.mark.parametrize(
    ("status", "body", "said", "times"),
    [
        (500, b"", "HTTP 500 Internal Server Error, 5 times in a row", 5),
        (400, b"", "HTTP 400 Bad Request", 1),
        (200, b"<html>log in first</html>", "something else than records", 1),
        (200, b'{"error": "no"}', "something else than records", 1),
        (200, b'[{"no": "query"}]', "something else than records", 1),
    ],
)
def test_a_server_in_trouble(server, status, body, said, times):
    server.answer = lambda: (status, body)
    with pytest.raises(InputError, match=said + REMEDY):
        ask(["Pcad"], "mouse", "mm9", server.url, backoff=0, delay=0)
    assert len(server.asked) == times


def test_no_server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises(InputError, match=r"127.0.0.1:9/v3\n  found:    no answer" + REMEDY):
        ask(["x"], "mouse", "mm9", "http://127.0.0.1:9/v3", backoff=0, delay=0)


def test_a_server_that_hangs(server, monkeypatch):
    monkeypatch.setattr(mygene_client, "TIMEOUT", httpx.Timeout(0.05))
    monkeypatch.setattr(mygene_client, "ATTEMPTS", 2)
    server.answer = lambda: time.sleep(0.3)
    with pytest.raises(InputError, match="no answer in time .ReadTimeout., 2 times" + REMEDY):
        ask(["x"], "mouse", "mm9", server.url, backoff=0, delay=0)


def test_names_about_which_the_server_is_silent_are_not_taken_for_unknown(server, tmp_path, caplog):
    server.answer = lambda: (200, json.dumps([{"query": "x", "notfound": True}]).encode())
    known = answers_of(server, tmp_path, ["x", "y"])
    assert known == {"x": []} and "is silent about 1 texts: y" in caplog.text
    mygene = MyGene(known, "mm9", SIZES)
    assert mygene.asked("x") and not mygene.asked("y")


ABOUT = '{"species": "mouse", "assembly": "mm9", "answers": '


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "no such file"),
        ("{", "no JSON"),
        ("[]", "no `answers`"),
        ('{"answers": {}}', "no `species`"),
        ('{"species": "mouse", "answers": {}}', "no `assembly`"),
        (ABOUT + '{"x": 3}}', "answers, 'x'"),
        (ABOUT + '{"x": [{}]}}', "KeyError"),
        (ABOUT + '{"x": [{"_id": 1, "genomic_pos": {"chr": 1}}]}}', "strand"),
    ],
)  # fmt: skip
def test_a_broken_cache(tmp_path, text, said):
    cache = tmp_path / "kept.json"
    if text is not None:
        cache.write_text(text)
    with pytest.raises(InputError) as caught:
        read_answers(cache)
    assert "kept.json" in str(caught.value) and said in str(caught.value)
    assert "delete the file and ask again" in str(caught.value)


def test_a_cache_of_another_species(server, tmp_path):
    write_table(pd.DataFrame({"gene": ["Pcad"], "s": 1.0}), tmp_path / "measured.tsv")
    write_answers({}, "human", "mm9", "x", tmp_path / "kept.json")
    with pytest.raises(InputError, match=r"kept.json, species\n  found:    human[\s\S]*mouse"):
        query_names.main(Job(tmp_path, server.url, cache=tmp_path / "kept.json"))


@pytest.mark.slow
def test_the_mouse_lung_panel_without_aliases(server, lung_table, mouse_lung, mm9, tmp_path):
    """What mygene.info would say of the real panel takes the place of a list of aliases."""
    genes = read_expression(lung_table, read_samples(mouse_lung / "samples.tsv")).index
    texts = {text for gene in genes for text in queries_of(gene)}
    folded = set(map(str.casefold, texts))
    server.records = []
    for row in mm9.fillna({"symbol": "", "aliases": ""}).itertuples():
        aliases = row.aliases.split("|")
        if folded & {name.casefold() for name in (row.symbol, *aliases)}:
            strand = 1 if row.strand == "+" else -1
            place = position(row.chrom.removeprefix("chr"), row.start + 1, row.end, strand)
            server.records.append(record(row.gene, row.symbol, aliases, genomic_pos_mm9=place))
    answers = answers_of(server, tmp_path, texts)
    sizes = mm9.groupby("chrom")["end"].max()
    bare = mm9.assign(aliases="")
    both, _ = resolve_panel(genes, mm9)
    without, _ = resolve_panel(genes, bare)
    completed, report = resolve_panel(genes, bare, mygene=MyGene(answers, "mm9", sizes))
    by_mygene = report["how"].str.startswith("mygene")
    assert report["gene"][by_mygene].tolist() == [
        "BCL2A1", "Chi3l1", "Hist1h1b", "Hist1h2ab", "Vegf"
    ]  # fmt: skip
    # TTF-1, Ttf1 but for the hyphen, is an alias of Nkx2-1: no locus rather than a wrong one.
    assert without["symbol"][genes.get_loc("TTF-1")] == "Ttf1"
    assert report["how"][genes.get_loc("TTF-1")] == "ambiguous"
    assert [table["chrom"].notna().sum() for table in (without, completed, both)] == [105, 109, 109]
    pd.testing.assert_frame_equal(completed, both)
