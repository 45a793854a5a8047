"""What the demo's rules make, as configs name it."""

from typing import Any

GENOME: dict[str, Any] = {
    "assembly": "demo",
    "sizes": {"path": "resources/demo/chrom.sizes"},
    "fasta": {"path": "resources/demo/genome.fa"},
    "annotation": {"path": "resources/demo/annotation.gtf", "format": "gtf"},
}
MAPS: dict[str, Any] = {"folded": {"path": "resources/demo/hic.mcool", "format": "mcool"}}
BELUGA: dict[str, Any] = {"weights": {"path": "resources/demo/beluga.pth"}}
TISSUES_TABLE: dict[str, Any] = {
    "path": "resources/demo/tissues.tsv",
    "id": "ensembl",
    "values": "linear",
}
# A run of the sequence half on the tiny demo's chromosomes, to which a test adds what it asks.
SEQUENCE_RUN = {
    "expression": TISSUES_TABLE,
    "chromosomes": ["chr1", "chr2", "chr3"],
    "maps": ["folded"],
    "resolution": 10_000,
    "contacts": {"value": "observed_over_expected", "max_distance": 500_000, "strongest": 10},
    "hold_out": "each",
}
