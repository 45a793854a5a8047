"""The 3D block window by window, written from the published text alone; and files to compare on."""

from pathlib import Path
from types import SimpleNamespace

import cooler
import h5py
import numpy as np
import pandas as pd
import torch
from pyfaidx import Faidx
from torch.nn import functional

from foldcast.files import write_table
from foldcast.hic.balancing import Balance
from foldcast.hic.expected import expected_cis
from foldcast.hic.map_import import import_map
from scripts.spex import distal_features, tss_contacts

torch.set_num_threads(1)  # more only wait for each other in networks as small as these

FULL = ((320, 320, 480, 480, 640, 640), 2003, 2002)
SMALL = ((6, 6, 8, 8, 10, 10), 12, 7)
RES = 1_000
PUBLISHED = {
    "value": "raw",
    "weighting": "equal",
    "max_distance": None,
    "strongest": None,
    "tss_bin": "round",
    "windows": "start",
    "without": "local",
}


class Named(SimpleNamespace):
    """As Snakemake's inputs."""

    def get(self, name):
        return getattr(self, name, None)


def random_weights(sizes, seed):
    """Weights in Beluga's layout, such that activations neither vanish nor saturate."""
    widths, hidden, outputs = sizes
    generator = torch.Generator().manual_seed(seed)

    def layer(name, *shape):
        scale = (2 / np.prod(shape[1:])) ** 0.5
        weight = torch.randn(*shape, generator=generator) * scale
        bias = torch.randn(shape[0], generator=generator) * 0.05
        return {f"{name}.weight": weight, f"{name}.bias": bias}

    state, before = {}, 4
    for number, width in zip((0, 2, 6, 8, 12, 14), widths, strict=True):
        state |= layer(f"model.0.{number}", width, before, 1, 8)
        before = width
    state |= layer("model.1.2.1", hidden, before * 106)
    return state | layer("model.1.4.1", outputs, hidden)


def one_window(state, letters):
    """Outputs of one window of 2,000 letters, as Beluga is described: layer by layer."""
    x = torch.tensor([[[[float(own == letter) for own in letters]] for letter in "AGCT"]])
    for pair in ((0, 2), (6, 8), (12, 14)):
        for number in pair:
            weight, bias = (state[f"model.0.{number}.{part}"] for part in ("weight", "bias"))
            x = functional.relu(functional.conv2d(x, weight, bias))
        x = functional.max_pool2d(x, (1, 4)) if pair != (12, 14) else x
    x = x.reshape(1, -1)
    x = functional.relu(functional.linear(x, *(state[f"model.1.2.1.{p}"] for p in PARTS)))
    x = functional.linear(x, *(state[f"model.1.4.1.{p}"] for p in PARTS))
    return torch.sigmoid(x)[0].numpy().astype(float)


PARTS = ("weight", "bias")
OTHER = str.maketrans("ACGTacgt", "TGCATGCA")


def around(state, sequence, position, both, known={}):  # noqa: B006 (windows come again)
    """Outputs of the window [p - 999, p + 1000] around p, counted from 1 and closed."""
    key = id(state), sequence, position, both
    if key not in known:
        known[key] = state, _around(state, sequence, position, both)
    return known[key][1]


def _around(state, sequence, position, both):
    letters = "".join(
        sequence[k - 1].upper() if 1 <= k <= len(sequence) else "N"
        for k in range(position - 999, position + 1001)
    )
    values = one_window(state, letters)
    if not both:
        return values
    return (values + one_window(state, letters.translate(OTHER)[::-1])) / 2


def published_block(state, sequence, counts, genes):
    """The published 3D block [genes, 2, outputs] from dense counts [bins, bins]."""
    blocks = []
    for tss, strand in zip(genes["tss"] + 1, genes["strand"], strict=True):
        centre = round(tss / RES)
        row = counts[centre] if centre < len(counts) else np.zeros(len(counts))
        block = np.zeros((2, len(state["model.1.4.1.bias"])))
        for k in np.flatnonzero(row):
            position, middle = k * RES, centre * RES
            if 1 / np.sqrt(row[k]) < 1.15 and abs(position - middle) >= 20_000:
                upstream = position < middle if strand == "+" else position >= middle
                for _ in range(5):
                    block[int(upstream)] += around(state, sequence, position, False)
        if not row.any():
            sign = 1 if strand == "+" else -1
            for shift in range(-20_000, 20_000, 200):
                block += around(state, sequence, tss + sign * shift, False)
        blocks.append(block)
    return np.array(blocks)


def default_block(state, sequence, clr, genes, strongest=20, most=1_000_000):
    """The block as the default has it: observed / expected contacts of a map, both strands."""
    values = clr.matrix(balance=True).fetch("chr1")
    mean = expected_cis(clr).set_index(["region1", "dist"])["expected"]["chr1"].to_numpy()
    blocks = []
    for tss, strand in zip(genes["tss"], genes["strand"], strict=True):
        found = []
        for k in range(len(values)):
            with np.errstate(invalid="ignore"):
                value = values[tss // RES, k] / mean[abs(k - tss // RES)]
            away = k * RES + RES / 2 - (tss + 0.5)
            if value > 0 and 20_000 <= abs(away) <= most:
                found.append((-value, abs(away), k, (away < 0) == (strand == "+")))
        block = np.zeros((2, len(state["model.1.4.1.bias"])))
        for value, _, k, upstream in sorted(found)[:strongest]:
            for part in range(5):
                centre = k * RES + 100 + 200 * part
                if centre - 100 < len(sequence):
                    block[int(upstream)] -= value * around(state, sequence, centre, True)
        blocks.append(block)
    return np.array(blocks)


class Case:
    """Files of a chromosome with random sequence and contacts; runs both scripts on them."""

    def __init__(self, folder, length, sizes, genes, pixels, seed=0):
        self.folder, self.genes = folder, genes
        rng = np.random.default_rng(seed)
        letters = rng.choice([*"ACGTacgtNR"], length, p=[0.12] * 8 + [0.02] * 2)
        self.sequence = "".join(letters)
        self.pixels, self.state, self.cache = pixels, random_weights(sizes, seed), None
        self.write()
        torch.save(self.state, folder / "weights.pth")

    def write(self):
        fasta = self.folder / "genome.fa"
        fasta.write_text(f">chr1\n{self.sequence}\n")
        Path(f"{fasta}.fai").unlink(missing_ok=True)
        Faidx(str(fasta)).close()
        chromosome = pd.Series({"chr1": len(self.sequence)})
        bins = cooler.binnify(chromosome, RES)
        cooler.create_cooler(str(self.folder / "in.cool"), bins, self.pixels, ordered=True)
        weights = Balance(min_nnz=1, mad_max=0, ignore_diags=0)
        import_map(self.folder / "in.cool", RES, chromosome, self.folder / "map.cool", weights)
        self.clr = cooler.Cooler(str(self.folder / "map.cool"))
        write_table(self.genes, self.folder / "genes.tsv")

    @property
    def counts(self):
        return self.clr.matrix(balance=False).fetch("chr1")

    def contacts(self, options, name="m", controls=None):
        path = self.folder / f"{name}.h5"
        files = Named(genes=self.folder / "genes.tsv", map=self.clr.uri)
        params = Named(source=name, contacts=options, control_contacts=controls or {})
        output = Named(contacts=path)
        tss_contacts.main(Named(input=files, output=output, params=params, threads=1))
        return path

    def job(self, contacts, name="distal.h5", both=True, chrom="chr1"):
        fasta = self.folder / "genome.fa"
        files = Named(fasta=fasta, index=f"{fasta}.fai", weights=self.folder / "weights.pth")
        files.contacts = contacts
        if (self.folder / "local.h5").exists():
            files.local = self.folder / "local.h5"
        beluga = {"reverse_complement": both, "precision": "fp32", "memory_mb": 500}
        params = Named(chrom=chrom, beluga=beluga, cache=self.cache, tables=[], code="x")
        output = Named(features=self.folder / name)
        return Named(input=files, output=output, params=params, threads=1)

    def blocks(self, contacts, **options):
        """By feature set [genes, 2, outputs], and by feature set the mask."""
        job = self.job(contacts, **options)
        distal_features.main(job)
        with h5py.File(job.output.features) as file:
            feature_sets = [name for name in file if name != "genes"]
            x = {name: file[f"{name}/x"][:] for name in feature_sets}
            shaped = {
                name: each.reshape(len(each), 2, file.attrs["outputs"]) for name, each in x.items()
            }
            return shaped, {name: file[f"{name}/mask"][:] for name in feature_sets}


def pixels_of(pairs):
    table = pd.DataFrame(pairs, columns=["bin1_id", "bin2_id", "count"])
    return table.sort_values(["bin1_id", "bin2_id"], ignore_index=True)


def random_pixels(n, seed, share=0.1):
    rng = np.random.default_rng(seed)
    i, j = np.triu_indices(n)
    count = rng.poisson(1 + 20 / (1 + j - i)) * (rng.random(len(i)) < share)
    table = pd.DataFrame({"bin1_id": i, "bin2_id": j, "count": count})
    return table[table["count"] > 0].reset_index(drop=True)


def gene_table(tss, strands):
    names = [f"g{k}" for k in range(len(tss))]
    return pd.DataFrame({"gene": names, "chrom": "chr1", "tss": tss, "strand": [*strands]})


def small_case(folder):
    """160 kb, some 60 contacts of each of 12 genes; one has near contacts only, two have none."""
    rng = np.random.default_rng(4)
    tss = np.sort(rng.integers(0, 160 * RES - 1, 12))
    tss[-1] = 160 * RES - 300  # rounded, it is past the last bin
    genes = gene_table(tss, rng.choice([*"+-"], 12))
    pixels = random_pixels(160, 5, 0.4)
    nearly, none = (int(tss[k] + 1) / RES for k in (3, 6))
    for bin_, reach in ((round(nearly), 10), (round(none), -1)):
        touching = (pixels["bin1_id"] == bin_) | (pixels["bin2_id"] == bin_)
        pixels = pixels[~touching | (pixels["bin2_id"] - pixels["bin1_id"] <= reach)]
    return Case(folder, 160 * RES - 321, SMALL, genes, pixels.reset_index(drop=True))
