"""The packages that made the numbers of a run."""

from importlib.metadata import PackageNotFoundError, version

VERSIONS = (
    "snakemake", "cooler", "cooltools", "bioframe", "pandas", "torch", "torch-geometric",
    "node2vec", "gensim", "xgboost-cpu", "gseapy", "mygene", "plotly",
)  # fmt: skip


def versions() -> dict[str, str]:
    """Package → version, of those that are installed."""
    found = {}
    for package in VERSIONS:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
