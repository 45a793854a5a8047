"""Time courses of a single table: told by their header, samples in order of time."""

import gzip

import numpy as np
import pytest

from foldcast.forecast.course_files import read_course_file, sampled_course
from foldcast.forecast.course_header import is_course_file

TEXT = "gene\t4\t0\t0\t2\nA1\t4\t1\t3\t2\nB\t8\t6\tNA\t7\n7\t1\t2\t3\t4\n"


@pytest.mark.parametrize("packed", [False, True])
def test_samples_are_put_in_order_and_gaps_left_out(tmp_path, packed):
    path = tmp_path / "course.tsv"
    path.write_bytes(gzip.compress(TEXT.encode()) if packed else TEXT.encode())
    assert is_course_file(path)
    values, times = read_course_file(path)
    assert list(values.index) == ["A1", "7"] and times.tolist() == [0, 0, 2, 4]
    assert values.loc["A1"].tolist() == [1, 3, 2, 4]
    course = sampled_course(values, times)
    assert course.course.times.tolist() == [0, 2, 4]
    assert course.course.values.tolist() == [[2, 2, 4], [2.5, 4, 1]]
    assert np.array_equal(course.replicates[0], [[1, 3], [2, 3]])


OTHERS = {
    "loci.tsv": "symbol\tchrom\tstart\tend\nYDR1\tIV\t7\t8\n",
    "sheet.csv": "sample,time,replicate,batch\ns1,0,1,x\n",
    "short.tsv": "gene\t0\t1\na\t1\t2\n",
    "endless.tsv": "gene\t0\t1\tinf\na\t1\t2\t3\n",
    "empty.tsv": "",
    "bytes.tsv": "\udcff\udcfe\x00",
    "cut.tsv.gz": "\x1f\udc8b\x08\x00",
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_files_are_none(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(OTHERS[name].encode("utf-8", "surrogateescape"))
    assert not is_course_file(path)
    assert not is_course_file(tmp_path / "nowhere.tsv")
