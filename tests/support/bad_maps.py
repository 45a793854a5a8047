"""Bad contact maps of every format, and what must be said of each."""

from collections.abc import Callable
from typing import Any

import cooler
import h5py
import numpy as np
import pandas as pd

from bad_input import Bad
from bad_tables import ARRAY, HTML, LFS, raw
from small_lab import CHROMOSOMES, GTF, MAP, Lab, Spoil

BIN, N = 10_000, 50  # bins of each of three chromosomes
AS_GIVEN = dict.fromkeys(("boundscheck", "triucheck", "dupcheck", "ensure_sorted"), False)
ODD = "data/odd.cool"
Table = pd.DataFrame


def use(lab: Lab, path: str, format: str = "cool", **keys: Any) -> None:
    """Another map, of one bin size."""
    lab.set("maps.folded", {"path": path, "format": format, **keys})
    if "graphs" in lab.config:
        lab.set("graphs.folded.compartment_resolution", BIN)


def odd(
    pixels: Callable[[Table], Table] = lambda p: p,
    bins: Callable[[Table], Table] = lambda b: b,
    file: Callable[[h5py.File], None] = lambda _: None,
    dtype: Any = None,
) -> Spoil:
    """A cooler by a tool that does not check: other bins and pixels, then the file itself."""

    def spoil(lab: Lab) -> None:
        sound_bins, sound = lab.cooler()
        made = pixels(sound).reset_index(drop=True)
        types = {"count": dtype or made["count"].dtype}
        cooler.create_cooler(
            str(lab.path(ODD)),
            bins(sound_bins),
            iter([made]),
            dtypes=types,
            ordered=True,
            **AS_GIVEN,
        )
        with h5py.File(lab.path(ODD), "r+") as handle:
            file(handle)
        use(lab, ODD)

    return spoil


def elsewhere(lab: Lab) -> None:
    """A map of the first chromosome, and genes of the others."""
    odd(lambda p: p[p["bin2_id"] < N], lambda b: b.iloc[:N])(lab)
    lines = [line.split("\t") for line in lab.read(GTF).splitlines()]
    there = {line[8].split('"')[3] for line in lines if line[0] == "chr1" and line[2] == "gene"}
    header, *genes = lab.rows()
    lab.put([header, *(row for row in genes if row[0] not in there)])


def without(first: int, last: int) -> Spoil:
    """Bins cut out of the table, and the pixels numbered anew, as by hicAdjustMatrix."""

    def spoil(lab: Lab) -> None:
        bins, pixels = lab.cooler()
        keep = ~((bins.index >= first) & (bins.index < last))
        new = keep.cumsum() - 1
        pixels = pixels[keep[pixels["bin1_id"]] & keep[pixels["bin2_id"]]].copy()
        for side in ("bin1_id", "bin2_id"):
            pixels[side] = new[pixels[side]]
        cooler.create_cooler(str(lab.path(ODD)), bins[keep].reset_index(drop=True), pixels)
        use(lab, ODD)

    return spoil


def values(column: str, rows: Any, value: Any) -> Callable[[Table], Table]:
    def change(pixels: Table) -> Table:
        pixels = pixels.astype({column: type(value)})
        pixels.loc[rows, column] = value
        return pixels

    return change


def triples(
    write: Callable[[int, int, float], str], label: str | None = "index", **keys: Any
) -> Spoil:
    """The map as text, a file per chromosome, from bins of a chromosome (from 0) and contacts."""

    def spoil(lab: Lab) -> None:
        _, pixels = lab.cooler()
        files = {}
        for k, chrom in enumerate(CHROMOSOMES):
            own = pixels[(pixels["bin1_id"] // N == k) & (pixels["bin2_id"] // N == k)]
            name = f"data/{chrom}.txt"
            lines = (write(a % N, b % N, n) + "\n" for a, b, n in own.itertuples(index=False))
            lab.write(name, "".join(lines))
            files[chrom] = {"path": name}
        use(lab, "", "triples", files=files, bin_size=BIN, label=label, **keys)
        lab.config["maps"]["folded"].pop("path")

    return spoil


def text(content: str, format: str, **keys: Any) -> Spoil:
    """A map of one text file."""

    def spoil(lab: Lab) -> None:
        lab.write("data/map.txt", content)
        use(lab, "data/map.txt", format, **keys)

    return spoil


def hicpro(
    first: int = 1,
    bed: Callable[[list[str]], list[str]] = lambda lines: lines,
    matrix: Callable[[list[str]], list[str]] = lambda lines: lines,
) -> Spoil:
    """The map as HiC-Pro's matrix and bins, both changed."""

    def spoil(lab: Lab) -> None:
        bins, pixels = lab.cooler()
        lines = [
            f"{c}\t{s}\t{e}\t{k + 1}" for k, (c, s, e) in enumerate(bins.itertuples(index=False))
        ]
        lab.write("data/bins.bed", "\n".join(bed(lines)) + "\n")
        lines = [f"{a + first}\t{b + first}\t{n}" for a, b, n in pixels.itertuples(index=False)]
        lab.write("data/raw.matrix", "\n".join(matrix(lines)) + "\n")
        use(lab, "data/raw.matrix", "hicpro", bins={"path": "data/bins.bed"})

    return spoil


def other_lengths(bins: Table) -> Table:
    """chr1 is two bins shorter."""
    return bins.drop(range(N - 2, N)).reset_index(drop=True)


LOOP = "chr1\t100000\t110000\tchr1\t300000\t310000\t.\t5\n"
POINTS = "".join(f"chr1\t{k * BIN}\t{k}\t{k % 3}\t{k % 2}\n" for k in range(N))
MATRIX, BED, FIRST = "data/raw.matrix", "data/bins.bed", "data/chr1.txt"
TEXT = "data/map.txt"

COOLERS = {
    "a gap in the bins": Bad(without(30, 40), ODD, "a gap: from 300,000 on", "as it was before"),
    "no bins at a chromosome's start": Bad(without(0, 3), ODD, "from 0 on there is no bin", "as it was before"),
    "no bins at a chromosome's end": Bad(without(N - 2, N), ODD, "chr1 has 480,000 bp", "one assembly"),
    "a pair twice": Bad(odd(lambda p: pd.concat([p[:51], p[50:]])), ODD, "a pair a second time", "each once"),
    "pairs unsorted": Bad(odd(lambda p: pd.concat([p[:50], p[51:60], p[50:51], p[60:]])), ODD, "behind its place", "sorted"),
    "pairs below the diagonal": Bad(
        odd(lambda p: p.rename(columns={"bin1_id": "bin2_id", "bin2_id": "bin1_id"})[p.columns].sort_values(["bin1_id", "bin2_id"])),
        ODD, "below the diagonal", "bin1 ≤ bin2"),
    "bins numbered from 1": Bad(odd(lambda p: p.assign(bin1_id=p["bin1_id"] + 1, bin2_id=p["bin2_id"] + 1)), ODD, "numbered from 1?", "write it again"),
    "a difference of two maps": Bad(odd(values("count", 20, -3)), ODD, "negative contacts", "not a comparison"),
    "infinite contacts": Bad(odd(values("count", 20, np.inf), dtype=float), ODD, "count inf", "correction"),
    "missing contacts": Bad(odd(values("count", slice(20, 40), np.nan), dtype=float), ODD, "20 more such pixels", "correction"),
    "no contacts": Bad(odd(lambda p: p[:0]), ODD, "no contacts between", "another map"),
    "too sparse to balance": Bad(odd(lambda p: p.iloc[::400]), ODD, "no bin has 10 neighbours", "coarser resolution"),
    "a map of chromosomes without genes": Bad(elsewhere, ODD, "chr1", "same assembly and naming"),
    "another assembly": Bad(odd(bins=lambda b: b.assign(end=b["end"].where(b.index != N - 1, b["end"] - 500))), ODD, "1 of 3 chromosomes" , "one assembly"),
    "other chromosomes": Bad(odd(bins=lambda b: b.assign(chrom=b["chrom"].astype(str) + "L")), ODD, "chr1L, chr2L", "of this genome"),
    "starts from 1": Bad(odd(file=lambda h: h["bins/start"].write_direct(h["bins/start"][:] + 1)), ODD, "count from 1", "starts from 0"),
    "no attribute nnz": Bad(odd(file=lambda h: h.attrs.__delitem__("nnz")), ODD, "no attribute nnz", "written in part"),
    "no attribute bin-size": Bad(odd(file=lambda h: h.attrs.__delitem__("bin-size")), ODD, "no attribute bin-size", "one size"),
    "no column of ends": Bad(odd(file=lambda h: h.__delitem__("bins/end")), ODD, "no column bins/end", "in part"),
    "no lengths": Bad(odd(file=lambda h: h.__delitem__("chroms/length")), ODD, "no column chroms/length", "in part"),
    "a square map": Bad(odd(file=lambda h: h.attrs.__setitem__("storage-mode", "square")), ODD, "storage mode square", "undirected"),
    "single cells": Bad(odd(file=lambda h: [h.copy(part, f"cells/one/{part}") for part in ("chroms", "bins", "pixels", "indexes")]), ODD, "single cells", "cooler merge"),
    "HiCExplorer's own format": Bad(odd(file=lambda h: (h.move("bins", "intervals"), h.move("pixels", "matrix"))), ODD, "intervals", "hicConvertFormat"),
    "an HDF5 file of something else": Bad(odd(file=lambda h: [h.__delitem__(k) for k in ("bins", "pixels", "indexes")]), ODD, "HDF5 without a contact map", "cooler file"),
    "a resolution that is not there": Bad(lambda lab: lab.set("graphs.folded.resolution", 20_000), MAP, "10,000, 50,000", "cooler coarsen"),
    "a truncated map": Bad(lambda lab: lab.write(MAP, lab.path(MAP).read_bytes()[:40_000]), MAP, "damaged or truncated", "size and checksum"),
    "an empty map": Bad(raw(b"", MAP), MAP, "an empty file", "get the file again"),
    "a gzipped map": Bad(raw(b"\x1f\x8b" + ARRAY, MAP), MAP, "a gzipped file", "gunzip"),
    "a web page for a map": Bad(raw(HTML, MAP), MAP, "a web page", "fetch it again"),
    "a Git LFS pointer for a map": Bad(raw(LFS, MAP), MAP, "a Git LFS pointer", "git lfs pull"),
    "a text for a map": Bad(raw("chr1 0 10000 7\n", MAP), MAP, "text: 'chr1 0 10000 7'", "cooler load"),
    "a broken .hic file": Bad(raw(b"HIC\0" + ARRAY, MAP), MAP, "hictk cannot read", "size and checksum"),
    "a level in the path": Bad(lambda lab: lab.set("maps.folded.path", MAP + "::/resolutions/10000"), "config.yaml", "no such file", "`resolution` chooses the level"),
}  # fmt: skip

TEXTS = {
    "HiC-Pro's numbers as triples": Bad(triples(lambda a, b, n: f"{a + 1}\t{b + 1}\t{n}"), FIRST, "numbered from 1?", "format: hicpro"),
    "HiC-Pro's numbers, the ends empty": Bad(
        triples(lambda a, b, n: f"{a + 1}\t{b + 1}\t{n}" if b < N - 1 else ""), FIRST, "begin with 1", "format: hicpro"),
    "starts said to be numbers": Bad(triples(lambda a, b, n: f"{a * BIN} {b * BIN} {n}"), FIRST, "as bin starts, `label: start`", "`label`"),
    "numbers said to be starts": Bad(triples(lambda a, b, n: f"{a} {b} {n}", "start"), FIRST, "label 1, and", "`label`"),
    "bins of 20 kb said to be of 10": Bad(triples(lambda a, b, n: f"{2 * (a // 2) * BIN} {2 * (b // 2) * BIN} 1", "start"), FIRST, "bins of 20,000 bp?", "bin_size"),
    "a pair with two values": Bad(triples(lambda a, b, n: f"{a} {b} {n}\n{b} {a} {n + 1}"), FIRST, "two values", "each pair once"),
    "negative triples": Bad(triples(lambda a, b, n: f"{a} {b} {n - 50}"), FIRST, "negative or infinite", "not a comparison"),
    "a header above triples": Bad(triples(lambda a, b, n: f"{a} {b} {n}" if a + b else "bin1 bin2 value"), FIRST, "'bin1 bin2 value'", "format"),
    "triples of five fields": Bad(triples(lambda a, b, n: f"chr1 {a} {b} {n} x"), FIRST, "5 fields", "format"),
    "triples without a chromosome": Bad(text("0 1 5\n0 2 3\n", "triples", bin_size=BIN, label="index"), TEXT, "no chromosome is named", "`files`"),
    "triples of another size than asked": Bad(
        lambda lab: (triples(lambda a, b, n: f"{a} {b} {n}")(lab), lab.set("graphs.folded.resolution", 50_000)),
        FIRST, "bins of 10,000 bp", "resolution"),
    "a dense matrix": Bad(text("\n".join(" ".join(["1"] * N) for _ in range(N)), "triples", bin_size=BIN, label="index"), TEXT, "a dense matrix", "triples"),
    "pairs of reads": Bad(text("## pairs format v1.0\n#columns: readID chr1 pos1\nr1\tchr1\t5\tchr1\t9\t+\t-\n", "triples", bin_size=BIN, label="start"), TEXT, "4DN's .pairs", "cload pairs"),
    "WashU's long-range text": Bad(text("chr1\t0\t10000\tchr1:30000-40000,5\n", "bedpe"), TEXT, "long-range text", "score_column: 7"),
    "loops as triples": Bad(text(LOOP, "triples", bin_size=BIN, label="start"), TEXT, "BEDPE", "format: bedpe"),
    "loops with blanks": Bad(text(LOOP.replace("\t", " "), "bedpe"), TEXT, "1 fields", "format"),
    "loops of five columns": Bad(text("chr1\t0\t9\tchr1\t20\n", "bedpe"), TEXT, "5 fields", "format"),
    "an anchor past the end": Bad(text(LOOP.replace("310000", "910000"), "bedpe"), TEXT, "chr1:910,000", "format"),
    "an anchor that ends before it starts": Bad(text(LOOP.replace("110000", "90000"), "bedpe"), TEXT, "an anchor 100000–90000", "format"),
    "a position that is no number": Bad(text(LOOP.replace("110000", "1.1e5x"), "bedpe"), TEXT, "end1: '1.1e5x'", "format"),
    "scores that are names": Bad(text(LOOP, "bedpe", score_column=7), TEXT, "column 7: '.'", "score_column"),
    "no column of scores": Bad(text(LOOP, "bedpe", score_column=12), TEXT, "8 fields", "score_column"),
    "loops of no chromosome here": Bad(text(LOOP.replace("chr1", "chrUn"), "bedpe"), TEXT, "no contacts on those of the genome", "of this genome"),
    "a model of four fields": Bad(text("chr1 0 1 2\n", "coordinates", bin_size=BIN), TEXT, "4 fields", "one file per model"),
    "a model with a missing point": Bad(text(POINTS.replace("\t7\t1\t1", "\tnan\t1\t1"), "coordinates", bin_size=BIN), TEXT, "x: 'nan'", "all numbers finite"),
    "two models in a file": Bad(text(POINTS * 2, "coordinates", bin_size=BIN), TEXT, "more than one model?", "one file per model"),
    "two bins at one point": Bad(text(POINTS + f"chr2\t0\t0\t0\t0\nchr2\t{BIN}\t0\t0\t0\n", "coordinates", bin_size=BIN), TEXT, "at the same point", "its own place"),
    "bins of another run": Bad(hicpro(bed=lambda lines: lines[:100]), MATRIX, "bins 1 and 101", "of the same run"),
    "bins that are not numbered": Bad(hicpro(bed=lambda lines: [x.rsplit("\t", 1)[0] for x in lines]), BED, "3 fields", "`bins`"),
    "matrix and bins exchanged": Bad(lambda lab: (hicpro()(lab), lab.set("maps.folded.bins.path", MATRIX)), MATRIX, "3 fields", "`bins`"),
    "a matrix with a header": Bad(hicpro(matrix=lambda lines: ["bin1\tbin2\tcount", *lines]), MATRIX, "bin1 'bin1'", "`path`"),
    "an empty matrix": Bad(hicpro(matrix=lambda lines: []), MATRIX, "an empty file", "`path`"),
    "HiC-Pro's bins of another size": Bad(lambda lab: (hicpro()(lab), lab.set("graphs.folded.resolution", 20_000)), BED, "bins of 10,000 bp", "resolution"),
}  # fmt: skip

CASES = COOLERS | TEXTS
