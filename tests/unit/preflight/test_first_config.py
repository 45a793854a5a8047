"""A first config for what labs bring: what is written, what is said, and what is refused."""

import runpy
import shutil
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
import yaml

from foldcast.config.config_checks import settle
from foldcast.config.config_schema import load_schema, validate
from foldcast.errors import InputError, together
from foldcast.expression.sample_sheets import read_samples
from foldcast.preflight import brought_files
from foldcast.preflight.brought_files import files_of, named_assembly, recognise
from foldcast.preflight.first_config import draft_config
from made_lab import make_lab

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = load_schema(ROOT / "workflow/schemas/config.schema.yaml")


@pytest.fixture(scope="module")
def made(made_once) -> Path:
    return made_once("lab_400", lambda folder: make_lab(folder / "data", n_genes=400))


@pytest.fixture
def lab(made, tmp_path, monkeypatch) -> Path:
    """A folder in which a lab's three files lie in data/; the test runs there."""
    shutil.copytree(made / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def draft(*paths):
    """What `make init` would write and say; its config is one that a run takes."""
    with together() as attempt:
        made = draft_config(attempt, files_of(paths), "mine")
    config = yaml.safe_load(made.files["mine.yaml"])
    validate(config, SCHEMA, "mine.yaml")
    settle(config, "mine.yaml")
    return made


def test_the_template_is_what_a_made_lab_gets(lab):
    made = draft("data")
    config = yaml.safe_load(made.files["mine.yaml"])
    template = ROOT / "config/template.yaml"
    assert config == yaml.safe_load(template.read_text())
    Path("sheet.tsv").write_text(made.files["mine_samples.tsv"])
    samples = read_samples("sheet.tsv")
    assert samples["time"].value_counts().to_dict() == dict.fromkeys((0, 1, 2, 4, 8, 12, 24, 48), 3)
    assert samples["column"].tolist() == list(range(7, 31))
    assert made.found[-1] == "data/counts.txt: expression, 400 genes × 24 samples"
    assert "assembly mm10: data/hic.mcool has its chromosome lengths" in made.guessed
    assert not made.doubts


def test_every_line_of_the_template_is_explained():
    lines = (ROOT / "config/template.yaml").read_text().splitlines()
    assert len(lines) < 25
    assert all("#" in line for line in lines)


def test_init_writes_says_the_next_command_and_never_overwrites(lab, capsys, monkeypatch):
    main = runpy.run_path(str(ROOT / "config/init.py"))["main"]
    monkeypatch.setattr("sys.argv", ["init.py", "data/counts.txt", "data/genes.gtf"])
    main()
    first, *_, last = capsys.readouterr().out.splitlines()
    assert first == "mine.yaml and mine_samples.tsv are written."
    assert last.endswith("--cores all --configfile mine.yaml -- preflight")
    assert f"-s {ROOT}/workflow/Snakefile" in last
    Path("mine.yaml").write_text("mine")
    with pytest.raises(SystemExit, match="make init NAME=mine2"):
        main()
    assert Path("mine.yaml").read_text() == "mine"


def test_what_nobody_foresaw_is_a_mistake_of_its_file(lab, monkeypatch):
    main = runpy.run_path(str(ROOT / "config/init.py"))["main"]
    monkeypatch.setattr("sys.argv", ["init.py", "data/counts.txt", "data/genes.gtf"])
    monkeypatch.setattr("foldcast.preflight.given_tables.guess_course", lambda names: 1 / 0)
    with pytest.raises(SystemExit, match="data/counts.txt\n  found:    what cannot be read"):
        main()
    assert "ZeroDivisionError" in Path("mine_init.log").read_text()
    assert not Path("mine.yaml").exists()


def two_courses() -> pd.DataFrame:
    columns = [f"{of}_{t}h_{r}" for of in ("ctrl", "dex") for t in range(8) for r in (1, 2)]
    rng = np.random.default_rng(1)
    genes = [f"Gene{i}" for i in range(60)]
    return pd.DataFrame(rng.lognormal(3, 1, (60, 32)), genes, columns).rename_axis("gene")


def test_two_courses_in_one_table_are_two_datasets(lab):
    two_courses().to_csv("data/counts.txt", sep="\t")
    made = draft("data/counts.txt", "data/genes.gtf")
    config = yaml.safe_load(made.files["mine.yaml"])
    assert {*config["datasets"]} == {"ctrl", "dex"}
    for of in ("ctrl", "dex"):
        assert config["datasets"][of]["samples"] == f"mine_{of}_samples.tsv"
        assert f"{of}_7h_2\t" in made.files[f"mine_{of}_samples.tsv"]
    assert config["datasets"]["ctrl"]["values"] == "normalised"


def test_times_that_names_do_not_hold_are_left_to_the_user(lab):
    table = two_courses()
    table.set_axis([f"GSM{i}" for i in range(32)], axis=1).to_csv("data/counts.txt", sep="\t")
    made = draft("data/counts.txt", "data/genes.gtf")
    assert made.files["mine_samples.tsv"].splitlines()[1] == "GSM0\t2\t\t"
    assert any("the times" in doubt for doubt in made.doubts)
    assert "evaluation" not in made.files["mine.yaml"]


def test_a_sheet_that_is_there_is_taken(lab):
    table = two_courses()
    table.set_axis([f"GSM{i}" for i in range(32)], axis=1).to_csv("data/counts.txt", sep="\t")
    rows = [f"GSM{i}\t{i // 2}\t{i % 2 + 1}\n" for i in range(32)]
    Path("data/sheet.tsv").write_text("sample\ttime\treplicate\n" + "".join(rows))
    made = draft("data/counts.txt", "data/genes.gtf", "data/sheet.tsv")
    assert [*made.files] == ["mine.yaml"]
    assert yaml.safe_load(made.files["mine.yaml"])["datasets"]["counts"]["samples"] == (
        "data/sheet.tsv"
    )


def test_each_arm_of_a_sheet_is_a_dataset(lab):
    table = two_courses()
    table.set_axis([f"GSM{i}" for i in range(32)], axis=1).to_csv("data/counts.txt", sep="\t")
    of = ("vehicle", "no")
    rows = [f"GSM{i}\t{i % 16 // 2}\t{i % 2 + 1}\t{of[i // 16]}\n" for i in range(32)]
    Path("data/sheet.tsv").write_text("sample\ttime\treplicate\tarm\n" + "".join(rows))
    made = draft("data/counts.txt", "data/genes.gtf", "data/sheet.tsv")
    assert [*made.files] == ["mine.yaml"]
    datasets = yaml.safe_load(made.files["mine.yaml"])["datasets"]
    assert [about["arm"] for about in datasets.values()] == ["vehicle", "no"]
    assert {about["samples"] for about in datasets.values()} == {"data/sheet.tsv"}
    assert any("`against: DATASET`" in doubt for doubt in made.doubts)


def test_anndata_says_its_times_itself(lab):
    table = two_courses()
    obs = pd.DataFrame({"time": np.arange(32) // 2, "replicate": np.arange(32) % 2 + 1})
    obs.index = [f"s{i}" for i in range(32)]
    var = pd.DataFrame(index=table.index.astype(str))
    anndata.AnnData(table.round().to_numpy().T, obs, var).write_h5ad("data/bulk.h5ad")
    made = draft("data/bulk.h5ad", "data/genes.gtf")
    assert made.files["mine_samples.tsv"].splitlines()[:2] == [
        "sample\ttime\treplicate",
        "s0\t0\t1",
    ]
    dataset = yaml.safe_load(made.files["mine.yaml"])["datasets"]["bulk"]
    assert dataset["values"] == "counts"


@pytest.mark.parametrize("n_times", [2, 3, 7, 25])
def test_a_config_leaves_the_first_origin_to_the_times(lab, n_times):
    columns = [f"{t}h" for t in range(n_times)]
    values = np.random.default_rng(1).poisson(50, (30, n_times))
    pd.DataFrame(values, [f"g{i}" for i in range(30)], columns).to_csv("data/counts.txt", sep="\t")
    made = draft("data/counts.txt", "data/genes.gtf")
    assert "evaluation" not in yaml.safe_load(made.files["mine.yaml"])
    said = [guess for guess in made.guessed if guess.startswith(f"{n_times} times, 1 replicate:")]
    assert len(said) == (n_times > 2)  # two times are refused by preflight
    assert ("no verdict on forecasts" in "".join(said)) == (n_times in (3, 7))


def test_an_unknown_assembly_takes_the_chromosomes_of_the_map(lab):
    import cooler

    bins = cooler.binnify(pd.Series({"c1": 500_000, "c2": 300_000}), 10_000)
    pixels = pd.DataFrame({"bin1_id": [0, 50], "bin2_id": [5, 60], "count": [3, 4]})
    Path("data/hic.mcool").unlink()
    cooler.create_cooler("data/own.cool", bins, pixels)
    gtf = Path("data/genes.gtf").read_text().splitlines()[3:]
    Path("data/genes.gtf").write_text("\n".join(gtf).replace("chr1\t", "c1\t") + "\n")
    made = draft("data")
    assert made.files["mine.chrom.sizes"] == "c1\t500000\nc2\t300000\n"
    genome = yaml.safe_load(made.files["mine.yaml"])["genome"]
    assert genome["assembly"] == "own" and genome["sizes"] == {"path": "mine.chrom.sizes"}
    assert any(doubt.startswith("the assembly") for doubt in made.doubts)


def test_files_of_two_assemblies_are_a_doubt(lab):
    gtf = Path("data/genes.gtf")
    gtf.write_text(gtf.read_text().replace("GRCm38", "GRCm39"))
    assert "data/genes.gtf seems to be of mm39, not of mm10" in "".join(draft("data").doubts)


def test_what_is_missing_or_twice_is_said_at_once(lab):
    Path("data/counts.txt").unlink()
    shutil.copy("data/genes.gtf", "data/more.gtf")
    with pytest.raises(InputError, match="no expression table"):
        draft("data")
    shutil.copy("data/hic.mcool", "data/counts.txt")
    Path("data/table.xlsx").write_bytes(b"PK\x03\x04" + b"xl/workbook" * 9)
    with pytest.raises(InputError, match="(?s)spreadsheet.*no expression table"):
        draft("data")


def test_what_lies_beside_is_left_out_and_said(lab):
    """A folder of data holds other things too: a spreadsheet, a table without times."""
    Path("data/plan.xlsx").write_bytes(b"PK\x03\x04" + b"xl/workbook" * 9)
    tissues = pd.DataFrame({"liver": [1.5, 40], "lung": [0.5, 2]}, ["A", "B"])
    tissues.to_csv("data/tissues.tsv", sep="\t")
    made = draft("data")
    assert "data/plan.xlsx: a spreadsheet's own format (.xlsx); left out" in made.found
    assert "data/tissues.tsv: a table without times in its names; left out" in made.found
    assert [*yaml.safe_load(made.files["mine.yaml"])["datasets"]] == ["counts"]
    Path("data/broken.mcool").write_bytes(Path("data/hic.mcool").read_bytes()[:9000])
    with pytest.raises(InputError, match="damaged or truncated"):
        draft("data")


def test_a_damaged_table_is_refused_with_the_reader_s_message(lab):
    table = Path("data/counts.txt").read_text()
    Path("data/counts.txt").write_text(table.replace("\t", "\tx", 40_000)[:-1])
    with pytest.raises(InputError):
        draft("data")


FILES = {
    "featurecounts": ("# Program:featureCounts\nGeneid\tChr\tStart\tEnd\tStrand\tLength\ta.bam\n"
                      "g1\tchr1\t1\t9\t+\t9\t5\n", (brought_files.TABLE, "")),
    "symbols beside loci": ("gene_name\tchrom\tstart\tend\tstrand\tday1\nA\tchr1\t1\t9\t+\t5\n",
                            (brought_files.TABLE, "")),
    "genes": ("symbol\tchrom\tstart\tend\tstrand\tbiotype\nA\tchr1\t1\t9\t+\tx\n",
              (brought_files.ANNOTATION, "table")),
    "refgene": ("585\tNM_1\tchr1\t+\t1\t9\t1\t9\t1\t1,\t9,\t0\tA\tcmpl\tcmpl\t0,\n",
                (brought_files.ANNOTATION, "refgene")),
    "gtf": ('1\thavana\tgene\t1\t9\t.\t+\t.\tgene_id "g";\n', (brought_files.ANNOTATION, "gtf")),
    "sizes": ("chr1\t195471971\nchr2\t182113224\n", (brought_files.SIZES, "")),
    "fai": ("1\t195471971\t6\t60\t61\n", (brought_files.SIZES, "")),
    "fasta": (">chr1\nACGT\n", (brought_files.SEQUENCE, "")),
    "gene_info": ("#tax_id\tGeneID\tSymbol\tSynonyms\n9606\t1\tA\t-\n",
                  (brought_files.ALIASES, "gene_info")),
    "sheet": ("sample\ttime\treplicate\na\t0\t1\n", (brought_files.SHEET, "")),
    "hicpro": ("1\t1\t20\n1\t2\t5\n", (brought_files.MAP, "hicpro")),
    "bins": ("chr1\t0\t10000\t1\nchr1\t10000\t20000\t2\n", (brought_files.BINS, "")),
    "commas": ("gene;0h;6h\nA;1,5;2\n", (brought_files.TABLE, "")),
    "joined htseq": ("ENSG00000000003\t5\t0\nENSG00000000005\t0\t7\n", (brought_files.TABLE, "")),
}  # fmt: skip


@pytest.mark.parametrize("what", FILES)
def test_files_are_told_by_their_content(what, tmp_path):
    text, (kind, format) = FILES[what]
    (tmp_path / "file.txt").write_text(text)
    assert recognise(str(tmp_path / "file.txt"))[1:] == (kind, format)


def test_prose_and_gene_sets_are_nothing_to_name(tmp_path):
    for text in ("Dear all,\nplease find the files\n", "SET\thttp://x\tTP53\tACTB\n"):
        (tmp_path / "file.txt").write_text(text)
        assert recognise(str(tmp_path / "file.txt")) is None


def test_loops_intervals_and_variants_are_no_tables(tmp_path):
    loops = "".join(f"chr1\t{i}\t{i + 5}\tchr1\t{i + 90}\t{i + 95}\t7\n" for i in range(9))
    variants = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\n"
    variants += "".join(f"1\t{i}\t.\tA\tC\n" for i in range(9))
    for text in (loops, variants):
        (tmp_path / "file.txt").write_text(text)
        assert recognise(str(tmp_path / "file.txt")) is None


def test_hicpro_s_matrix_is_read_with_its_bins(lab):
    bins = "".join(f"chr19\t{i}000\t{i + 10}000\t{i // 10 + 1}\n" for i in range(0, 60, 10))
    Path("data/hic.mcool").unlink()
    Path("data/raw.matrix").write_text("1\t2\t20\n2\t5\t3\n")
    with pytest.raises(InputError, match="HiC-Pro's matrix alone"):
        draft("data")
    Path("data/raw_abs.bed").write_text(bins)
    config = yaml.safe_load(draft("data").files["mine.yaml"])
    assert config["maps"]["raw"]["bins"] == {"path": "data/raw_abs.bed"}
    assert config["graphs"]["raw"] == {"maps": ["raw"], "resolution": 10_000}


def test_the_column_of_names_is_the_one_that_tells_rows_apart(lab):
    ids, symbols = [f"ENSMUSG{i:011d}" for i in range(30)], ["Y_RNA"] * 30
    table = pd.DataFrame({"symbol": symbols, "id": ids} | {f"{t}h": range(30) for t in range(8)})
    table.to_csv("data/counts.txt", sep="\t", index=False)
    made = draft("data/counts.txt", "data/genes.gtf")
    assert yaml.safe_load(made.files["mine.yaml"])["datasets"]["counts"]["name_column"] == 2


def test_the_assembly_is_read_off_an_annotation(tmp_path):
    for name, text, assembly in [
        ("a.gtf", "#!genome-build GRCh38.p13\n", "hg38"),
        ("b.gtf", "##description: mouse genome (GRCm39), version M27\n", "mm39"),
        ("Mus_musculus.GRCm38.102.gtf", "#\n", "mm10"),
        ("genes.mm9.gtf", "#\n", "mm9"),
        ("genes.gtf", "#\n", None),
    ]:
        (tmp_path / name).write_text(text)
        assert named_assembly(str(tmp_path / name)) == assembly
