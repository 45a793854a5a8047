"""Orthologs and Enrichr's libraries: the real clients against loopback servers."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import httpx
import pandas as pd
import pytest

from foldcast.enrichment.gene_identifiers import match, read_names
from foldcast.errors import InputError
from foldcast.files import read_table, write_table
from foldcast.genes import mygene_client
from mygene_server import MyGeneServer
from scripts.enrichment import fetch_library, query_orthologs
from scripts.enrichment.query_orthologs import ask_orthologs


def record(number, symbol, group=None, **more):
    found = {"_id": str(number), "entrezgene": str(number), "symbol": symbol} | more
    return found | ({"homologene": {"id": 1, "genes": group}} if group else {})


MOUSE = [
    record(11, "Cdh1", [[9606, 911], [10090, 11], [10116, 81]]),
    record(12, "Trp53", [[9606, 912], [10090, 12]]),
    record(13, "Many", [[9606, 913], [9606, 914]]),
    record(14, "Lonely", [[10090, 14], [10116, 84]]),
    record(15, "Nothing"),
    record(16, "Twice", [[9606, 915]]),
    record(17, "Twice", [[9606, 916]]),
    record(18, "Newname", [[9606, 917]], alias=["Oldname"]),
    record(19, "Gone", [[9606, 999]]),
    record(20, "Alike-Cdh1", [[9606, 920]]),
]
HUMAN = [
    record(911, "CDH1", alias=["UVO", "ECAD"], ensembl={"gene": "ENSG911"}),
    record(912, "TP53", ensembl=[{"gene": "ENSG912"}, {"gene": "ENSG912b"}]),
    record(913, "MANY1"),
    record(914, "MANY2"),
    record(917, "NEWNAME"),
]


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = MyGeneServer({"mouse": MOUSE, "human": HUMAN})
    yield server
    server.close()


GENES = ["Cdh1", "Trp53", "Many", "Lonely", "Nothing", "Twice", "Oldname", "Gone", "Unknown"]


def ask(server, genes=GENES, other="human", **kwargs):
    return ask_orthologs(genes, "mouse", other, server.url, backoff=0, delay=0, **kwargs)


def test_orthologs_are_those_of_the_homologene_group(server):
    found = ask(server).fillna("").set_index("gene")
    assert found["name"].to_dict() == {
        "Cdh1": "CDH1", "Trp53": "TP53", "Many": "MANY1|MANY2", "Oldname": "NEWNAME",
        "Lonely": "", "Nothing": "", "Twice": "", "Gone": "", "Unknown": "",
    }  # fmt: skip
    said = found["explanation"]
    assert said["Cdh1"] == "" and said["Many"] == "several orthologs: MANY1, MANY2"
    assert said["Lonely"] == said["Nothing"] == "no HomoloGene group with a gene of that species"
    assert said["Twice"] == "mygene.info knows several genes of that name: 16, 17"
    assert said["Gone"] == "mygene.info knows no human gene 999"
    assert said["Unknown"] == "mygene.info knows no such symbol"
    row = found.loc["Trp53"]
    assert (row["entrez"], row["ensembl"]) == ("912", "ENSG912|ENSG912b")
    assert found.loc["Cdh1", "aliases"] == "UVO|ECAD"


def test_the_client_asks_about_genes_and_then_about_their_orthologs(server):
    ask(server, ["Cdh1", "Many"])
    first, second = server.asked
    assert first["species"] == "mouse" and first["scopes"] == "symbol,alias"
    assert first["fields"] == "symbol,alias,entrezgene,homologene"
    assert second["species"] == "human" and second["scopes"] == "entrezgene"
    assert second["q"] == '"911","913","914"'
    ask(server, ["Unknown"])
    assert len(server.asked) == 3  # nobody's orthologs are not asked for


def test_a_species_without_a_known_number_is_refused(server):
    with pytest.raises(InputError, match=r"species cow[\s\S]*9913"):
        ask(server, other="cow")
    assert ask(server, ["Cdh1"], other="9606")["explanation"].tolist() == [
        "mygene.info knows no 9606 gene 911"
    ]


def test_sets_of_human_genes_find_the_only_orthologs_of_mouse_genes(server, tmp_path):
    write_table(ask(server), tmp_path / "names.tsv")
    names = read_names(tmp_path / "names.tsv")
    universe = {"CDH1", "TP53", "MANY1", "MANY2", "NEWNAME", "CDH2"}
    found = match(GENES, names, universe).set_index("gene")
    assert found["name"].dropna().to_dict() == {
        "Cdh1": "CDH1", "Trp53": "TP53", "Oldname": "NEWNAME"
    }  # fmt: skip
    assert found["how"]["Many"] == "ambiguous"
    assert found["background"].sum() == 4  # the genes that human sets could name
    by_alias = match(["Cdh1"], names, {"ECAD"})
    assert by_alias["how"].tolist() == ["alias"]


REMEDY = r"[\s\S]*remedy:[\s\S]*`enrichment.names`"


@pytest.mark.parametrize(
    ("status", "body", "said", "times"),
    [
        (500, b"", "HTTP 500 Internal Server Error, 5 times in a row", 5),
        (404, b"", "HTTP 404 Not Found", 1),
        (200, b"<html>log in first</html>", "something else than records", 1),
        (200, b'[{"no": "query"}]', "something else than records", 1),
    ],
)
def test_a_server_in_trouble(server, status, body, said, times):
    server.answer = lambda: (status, body)
    with pytest.raises(InputError, match=said + REMEDY):
        ask(server)
    assert len(server.asked) == times


def test_a_busy_server_is_asked_again_also_in_the_second_round(server):
    busy = iter([None, (503, b""), (429, b""), None])
    server.answer = lambda: next(busy)
    assert ask(server, ["Cdh1"])["name"].tolist() == ["CDH1"]


def test_a_server_that_hangs(server, monkeypatch):
    monkeypatch.setattr(mygene_client, "TIMEOUT", httpx.Timeout(0.05))
    monkeypatch.setattr(mygene_client, "ATTEMPTS", 2)
    server.answer = lambda: time.sleep(0.3)
    with pytest.raises(InputError, match="no answer in time .ReadTimeout., 2 times" + REMEDY):
        ask(server)


def test_genes_about_which_the_server_is_silent_are_not_taken_for_unknown(server, caplog):
    server.answer = lambda: (200, json.dumps([{"query": "Nothing", "notfound": True}]).encode())
    found = ask(server, ["Cdh1", "Nothing"])
    assert found["gene"].tolist() == ["Nothing"]
    assert "is silent about 1 texts: Cdh1" in caplog.text


def job(tmp_path, url, *genes):
    write_table(pd.DataFrame({"gene": genes, "1": 0.0}), tmp_path / "course.tsv")
    loci = pd.DataFrame({"gene": genes, "symbol": genes, "gene_id": genes})
    write_table(loci, tmp_path / "loci.tsv")
    return SimpleNamespace(
        input=SimpleNamespace(panel=tmp_path / "course.tsv", loci=tmp_path / "loci.tsv"),
        output=SimpleNamespace(names=tmp_path / "orthologs.human.tsv"),
        params=SimpleNamespace(species="mouse", other="human", url=url),
    )


def test_answers_are_kept_and_not_asked_for_again(server, tmp_path):
    one = job(tmp_path, server.url, "Cdh1", "Unknown")
    query_orthologs.main(one)
    first, asked = one.output.names.read_bytes(), len(server.asked)
    query_orthologs.main(one)
    assert len(server.asked) == asked and one.output.names.read_bytes() == first
    query_orthologs.main(job(tmp_path, server.url, "Cdh1", "Trp53"))
    assert server.asked[asked]["q"] == '"Trp53"'
    assert read_table(one.output.names)["gene"].tolist() == ["Cdh1", "Trp53"]
    server.close()
    query_orthologs.main(job(tmp_path, server.url, "Trp53"))  # nothing to ask


LIBRARY = "Set one\t\tCDH1,1.0\tTP53,1.0\nSet two\t\tAKT1,1.0\n"


@pytest.fixture
def enrichr(monkeypatch):
    """Enrichr's geneSetLibrary; what is in ``says`` comes instead."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    says: list[tuple[int, str]] = []
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urlsplit(self.path)
            query = {key: one[0] for key, one in parse_qs(parts.query).items()}
            asked.append((parts.path, query))
            known = query.get("libraryName") == "Some_Library_2024"
            status, body = says.pop(0) if says else (200, LIBRARY if known else "")
            self.send_response(status)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield SimpleNamespace(
        url=f"http://127.0.0.1:{server.server_port}/Enrichr", says=says, asked=asked
    )
    server.shutdown()
    server.server_close()


def fetch(enrichr, tmp_path, name):
    target = tmp_path / f"{name}.gmt"
    fetch_library.main(
        SimpleNamespace(
            output=SimpleNamespace(library=str(target)),
            params=SimpleNamespace(name=name, service=enrichr.url),
        )
    )
    return target


def test_a_library_comes_by_its_name_and_nothing_else_is_sent(enrichr, tmp_path, monkeypatch):
    monkeypatch.setenv("FOLDCAST_MIRROR", str(tmp_path / "mirror"))
    assert fetch(enrichr, tmp_path, "Some_Library_2024").read_text() == LIBRARY
    query = {"mode": "text", "libraryName": "Some_Library_2024"}
    assert enrichr.asked == [("/Enrichr/geneSetLibrary", query)]


@pytest.mark.parametrize(
    ("says", "found"),
    [
        ([], "an empty file"),
        ([(200, "<html>maintenance</html>")], "an HTML page"),
        ([(404, "")], "404"),
    ],
)
def test_a_library_that_is_not_there(enrichr, tmp_path, says, found):
    enrichr.says.extend(says)
    with pytest.raises(InputError) as caught:
        fetch(enrichr, tmp_path, "Unknown_Library")
    assert found in caught.value.found and caught.value.place == "library Unknown_Library"
    assert not (tmp_path / "Unknown_Library.gmt").exists()
