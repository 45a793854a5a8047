"""The script index_genome, in a process of its own code path but without Snakemake."""

import gzip
import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest

from foldcast.errors import InputError

SCRIPT = Path(__file__).parents[3] / "workflow" / "scripts/resources/index_genome.py"


@pytest.fixture(scope="module")
def main():
    spec = importlib.util.spec_from_file_location("index_genome", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main


def job(fasta):
    return SimpleNamespace(
        input=SimpleNamespace(fasta=str(fasta)), output=SimpleNamespace(index=f"{fasta}.fai")
    )


def test_the_index_is_that_of_samtools(main, tmp_path):
    fasta = tmp_path / "genome.fa"
    fasta.write_text(">chr1 first\nACGT\nAC\n>chr2\nGGGG\n")
    main(job(fasta))
    assert (tmp_path / "genome.fa.fai").read_text() == "chr1\t6\t12\t4\t5\nchr2\t4\t26\t4\t5\n"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (gzip.compress(b">chr1\nACGT\n", mtime=0), "gzipped"),
        (b">chr1\nACGT\nA\nACGT\n", "not consistent"),
        (b">chr1\nACGT\n>chr1\nACGT\n", "uplicate"),
        (b"chr1\t1\t2\n", "first sequence"),
    ],
)
def test_faults_leave_nothing(main, tmp_path, content, found):
    fasta = tmp_path / "genome.fa"
    fasta.write_bytes(content)
    with pytest.raises(InputError, match=found) as error:
        main(job(fasta))
    assert str(fasta) in str(error.value)
    assert [path.name for path in tmp_path.iterdir()] == ["genome.fa"]
