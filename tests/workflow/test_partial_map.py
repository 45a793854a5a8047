"""A map need not have every chromosome: what it lacks is passed over and counted."""

import cooler
import pytest


@pytest.mark.slow
def test_a_map_of_some_chromosomes_runs_to_the_report(given_files, tmp_path):
    """Of three chromosomes, the map has no bins on one and no contact on another."""
    project = given_files.copy(tmp_path / "foldcast")
    for resolution in (10_000, 50_000):
        whole = cooler.Cooler(f"{project.folder}/data/hic.mcool::/resolutions/{resolution}")
        bins, pixels = whole.bins()[["chrom", "start", "end"]][:], whole.pixels()[:]
        bins["chrom"] = bins["chrom"].astype(str)
        one = (bins["chrom"] == "chr1").to_numpy()
        few = f"{project.folder}/data/few.mcool::/resolutions/{resolution}"
        kept = pixels[one[pixels["bin1_id"]] & one[pixels["bin2_id"]]]
        cooler.create_cooler(few, bins[bins["chrom"] != "chr3"], kept, mode="a")
    project.configure("maps.folded.path", "data/few.mcool")
    project.snakemake("preflight")
    said = (project.folder / "results/tiny/preflight.txt").read_text()
    assert "not a single contact of chr2\n" in said
    assert "map folded: 289 of 460 genes lie in the map\n" in said
    project.snakemake()
    assert (project.folder / "results/tiny/report/index.html").is_file()
