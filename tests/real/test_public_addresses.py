"""What the mouse-lung config fetches, when nothing of it is here."""

import re

import pytest
from lung import CONFIG, clone, snakemake


@pytest.mark.slow
def test_the_config_alone_takes_everything_from_public_addresses(tmp_path):
    said = snakemake(clone(tmp_path / "foldcast"), "--dry-run", "--configfile", CONFIG)
    fetched = re.findall(r"^    output: resources/files/[0-9a-f]{16}/(\S+)$", said, re.MULTILINE)
    assert sorted(set(fetched)) == [
        "Dixon2012-J1-NcoI-R1-filtered.1000kb.cool",
        *sorted(f"HindIII_mESC.nor.chr{k}_1mb_contact_map.txt" for k in [*range(1, 20), "X"]),
        "Mus_musculus.gene_info.gz",
        "m5.go.bp.v2024.1.Mm.symbols.gmt",
        "mRNAnorm.txt",
        "mh.all.v2024.1.Mm.symbols.gmt",
        "mirnanorm.txt",
        "mmu_MTI.csv",
        "refGene.txt.gz",
    ]
    assert re.search(r"^train_step +36$", said, re.MULTILINE)
