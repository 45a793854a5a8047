"""Names of downloads."""

import pytest

from foldcast.errors import InputError
from foldcast.resources.download_keys import mirror_path, resource_key, resource_name


def test_one_file_has_one_place_whatever_its_address():
    checksum = "sha256:" + "0123456789abcdef" * 4
    assert resource_key("https://a/x", checksum) == resource_key("https://b/y", checksum)
    assert resource_key("https://a/x", checksum) == "0123456789abcdef"
    assert resource_key("https://a/x") != resource_key("https://b/x")
    assert len(resource_key("https://a/x")) == 16


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://zenodo.org/record/1/files/deepsea.beluga.pth?download=1", "deepsea.beluga.pth"),
        ("https://host/a/b%20c{d}.tsv", "b_c_d_.tsv"),
        ("https://host/a/..", "file"),
        ("https://host/a/.hidden", "hidden"),
        ("https://host/folder/", "folder"),
        ("https://host/a%2Fb.txt", "a_b.txt"),
    ],
)
def test_names_are_safe(url, name):
    assert resource_name(url) == name


def test_a_mirror_is_host_and_path_and_never_left(tmp_path):
    assert mirror_path("https://host/a/b.txt?x=1", tmp_path) == tmp_path / "host/a/b.txt"
    assert mirror_path("https://me:secret@host/a", tmp_path) == tmp_path / "host/a"
    assert mirror_path("https://host/../../etc/passwd", tmp_path) == tmp_path / "host/etc/passwd"


@pytest.mark.parametrize(
    "url", ["https://../etc/passwd", "https://./a", "https://me@../a", "https:///a"]
)
def test_a_host_that_is_none_is_refused(tmp_path, url):
    with pytest.raises(InputError, match="the name of a server"):
        mirror_path(url, tmp_path)
