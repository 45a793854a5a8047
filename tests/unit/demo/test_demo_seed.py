import cooler
import pandas as pd


def test_same_seed_same_bytes_even_when_tiny(tiny, tmp_path):
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
        tiny(folder)
    files = sorted(p.relative_to(folders[0]) for p in folders[0].rglob("*") if p.is_file())
    assert len(files) == 24
    for name in files:
        if name.suffix != ".mcool":  # holds the date of its making
            assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name
    for made in ("hic.mcool", "other.mcool"):
        for name in cooler.fileops.list_coolers(str(folders[0] / made)):
            first, second = (cooler.Cooler(f"{folder}/{made}::{name}") for folder in folders)
            pd.testing.assert_frame_equal(first.pixels()[:], second.pixels()[:])
            assert first.info["sum"] > 0


def test_tiny_demo_has_six_times_and_its_controls(tiny, tmp_path):
    table = pd.read_csv(tiny(tmp_path) / "expression.tsv", sep="\t")
    assert table.shape == (24, 7)
