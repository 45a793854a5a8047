"""Downloads, against a real server."""

import gzip
import hashlib
import logging
import random
import socket

import pytest

from foldcast.errors import InputError
from foldcast.public_text import public
from foldcast.resources import download
from foldcast.resources.download import fetch

BODY = random.Random(1).randbytes(3_000_000)
SHA = "sha256:" + hashlib.sha256(BODY).hexdigest()
MD5 = "md5:" + hashlib.md5(BODY).hexdigest()


@pytest.fixture
def target(tmp_path):
    return tmp_path / "files" / "data.bin"


def get(server, target, expected=SHA, path="data.bin", **kwargs):
    fetch(server.url(path), target, expected, backoff=0, **kwargs)


def left(target):
    return sorted(path.name for path in target.parent.iterdir())


@pytest.mark.parametrize("expected", [SHA, MD5, SHA.upper().replace("SHA", "sha")])
def test_a_file_arrives_verified_and_alone(server, target, expected):
    server.answer = lambda request: server.send(request, BODY)
    get(server, target, expected)
    assert target.read_bytes() == BODY
    assert left(target) == ["data.bin"]
    assert server.asked[0]["Accept-Encoding"] == "identity"


def test_without_a_checksum_the_log_says_what_came(server, target, caplog):
    server.answer = lambda request: server.send(request, BODY)
    with caplog.at_level(logging.INFO, "foldcast"):
        get(server, target, None)
    assert f"{SHA} came; nothing was verified" in caplog.text


def test_a_dropped_connection_is_resumed_within_the_run(server, target):
    def answer(request):
        first = len(server.asked) == 1
        server.send_range(request, BODY, sent=2_000_000 if first else None, ETag='"v1"')

    server.answer = answer
    get(server, target)
    assert target.read_bytes() == BODY
    assert server.asked[1]["Range"] == "bytes=2000000-"
    assert server.asked[1]["If-Range"] == '"v1"'
    assert left(target) == ["data.bin"]


def interrupt(server, target, monkeypatch, **headers):
    monkeypatch.setattr(download, "ATTEMPTS", 1)
    server.answer = lambda request: server.send_range(request, BODY, sent=2_000_000, **headers)
    with pytest.raises(InputError, match="broke off after 2000000 bytes"):
        get(server, target)
    assert left(target) == ["data.bin.part", "data.bin.part.json"]
    server.asked.clear()


def test_a_partial_file_is_resumed_by_the_next_run(server, target, monkeypatch):
    interrupt(server, target, monkeypatch, ETag='"v1"')
    server.answer = lambda request: server.send_range(request, BODY, ETag='"v1"')
    get(server, target)
    assert target.read_bytes() == BODY
    assert [asked.get("Range") for asked in server.asked] == ["bytes=2000000-"]


NEWER = BODY[::-1]
NEWER_SHA = "sha256:" + hashlib.sha256(NEWER).hexdigest()


@pytest.mark.parametrize("respects_if_range", [True, False])
def test_a_changed_file_starts_again(server, target, monkeypatch, respects_if_range):
    interrupt(server, target, monkeypatch, ETag='"v1"')
    monkeypatch.setattr(download, "ATTEMPTS", 3)

    def answer(request):
        if not respects_if_range:
            del request.headers["If-Range"]
        server.send_range(request, NEWER, ETag='"v2"')

    server.answer = answer
    get(server, target, NEWER_SHA)
    assert target.read_bytes() == NEWER


def test_a_server_without_ranges_starts_again(server, target, monkeypatch):
    interrupt(server, target, monkeypatch, ETag='"v1"')
    server.answer = lambda request: server.send(request, BODY, ETag='"v1"')
    get(server, target)
    assert target.read_bytes() == BODY


def test_bytes_of_an_unknown_version_are_not_resumed(server, target, monkeypatch):
    interrupt(server, target, monkeypatch)  # neither ETag nor Last-Modified
    server.answer = lambda request: server.send_range(request, BODY)
    get(server, target)
    assert "Range" not in server.asked[0]


def test_a_shrunken_file_is_answered_416_and_starts_again(server, target, monkeypatch):
    modified = "Thu, 01 Jan 2026 00:00:00 GMT"
    interrupt(server, target, monkeypatch, Last_Modified=modified)
    monkeypatch.setattr(download, "ATTEMPTS", 3)
    short = BODY[:1000]

    def answer(request):
        del request.headers["If-Range"]
        server.send_range(request, short, Last_Modified=modified)

    server.answer = answer
    get(server, target, "sha256:" + hashlib.sha256(short).hexdigest())
    assert target.read_bytes() == short
    assert len(server.asked) == 2


def test_a_whole_part_needs_no_more_bytes(server, target, monkeypatch):
    interrupt(server, target, monkeypatch, ETag='"v1"')
    target.with_name("data.bin.part").write_bytes(BODY)
    server.answer = lambda request: server.send_range(request, BODY, ETag='"v1"')
    get(server, target)
    assert target.read_bytes() == BODY


def test_a_truncated_file_is_said_and_never_appears(server, target):
    server.answer = lambda request: server.send(request, BODY, sent=1_000_000)
    with pytest.raises(InputError, match="broke off after 1000000 bytes"):
        get(server, target)
    assert len(server.asked) == download.ATTEMPTS
    assert not target.exists()


def test_a_truncated_gzip_file_of_unknown_length(server, target):
    body = gzip.compress(BODY, mtime=0)[:-1000]
    target = target.with_name("data.tsv.gz")
    server.answer = lambda request: server.send(request, body, Content_Length=None)
    with pytest.raises(InputError, match="no whole gzip file"):
        get(server, target, None, "data.tsv.gz")
    assert left(target) == []


PAGE = b"\n<!DOCTYPE html><html><body>Please log in</body></html>"


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/octet-stream"])
def test_a_page_in_place_of_the_file(server, target, kind):
    server.answer = lambda request: server.send(request, PAGE, Content_Type=kind)
    with pytest.raises(InputError, match="an HTML page") as error:
        get(server, target, None)
    assert server.url("data.bin") in str(error.value)
    assert left(target) == []


def test_a_page_that_was_asked_for(server, target):
    target = target.with_name("page.html")
    server.answer = lambda request: server.send(request, PAGE, Content_Type="text/html")
    get(server, target, None, "page.html")
    assert target.read_bytes() == PAGE


@pytest.mark.parametrize(("status", "remedy"), [(404, "has moved"), (403, "login"), (500, "later")])
def test_refusals_say_what_to_do(server, target, status, remedy):
    server.answer = lambda request: server.send(request, b"no", status=status)
    with pytest.raises(InputError, match=rf"(?s)HTTP {status}.*{remedy}"):
        get(server, target)
    assert left(target) == []


def test_a_busy_server_is_asked_again(server, target):
    def answer(request):
        busy = len(server.asked) < 3
        server.send(request, b"" if busy else BODY, status=503 if busy else 200)

    server.answer = answer
    get(server, target)
    assert target.read_bytes() == BODY


def test_a_wrong_checksum_leaves_nothing(server, target):
    server.answer = lambda request: server.send(request, BODY, ETag='"v1"')
    with pytest.raises(InputError) as error:
        get(server, target, "md5:" + "0" * 32)
    assert MD5 in error.value.found and error.value.expected == "md5:" + "0" * 32
    assert left(target) == []


def test_no_network_names_the_place_in_the_mirror(target, tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.socket() as closed:  # bound, but nobody listens
        closed.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(InputError) as error:
            fetch(f"http://{host}/a/data.bin?x=1", target, SHA, tmp_path, backoff=0)
    assert str(tmp_path / host / "a/data.bin") in error.value.remedy
    assert "not in the mirror" in error.value.found


def test_the_mirror_comes_before_the_network(target, tmp_path):
    copy = tmp_path / "nowhere.invalid" / "a" / "data.bin"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(BODY)
    copy.chmod(0o444)
    fetch("https://nowhere.invalid/a/data.bin?download=1", target, SHA, tmp_path)
    assert target.read_bytes() == BODY
    assert not target.samefile(copy)
    assert target.stat().st_mode & 0o200

    copy.chmod(0o644)
    copy.write_bytes(BODY[:-1])
    target.unlink()
    with pytest.raises(InputError, match="mirror"):
        fetch("https://nowhere.invalid/a/data.bin", target, SHA, tmp_path)
    assert left(target) == []


def test_real_file_of_the_mirror(mirror, tmp_path):
    path = "SFGLab/spex/ccc44c0deedcdeda424c57b7578e234384eb6a99/expecto/geneanno.csv"
    fetch(f"https://{mirror.name}/{path}", tmp_path / "geneanno.csv", None, mirror.parent)
    assert (tmp_path / "geneanno.csv").read_bytes() == (mirror / path).read_bytes()


@pytest.mark.parametrize("expected", [None, "sha256:" + hashlib.sha256(b"").hexdigest()])
def test_an_empty_file_is_refused_wherever_it_comes_from(server, target, tmp_path, expected):
    server.answer = lambda request: server.send(request, b"")
    with pytest.raises(InputError, match="an empty file"):
        get(server, target, expected)
    assert left(target) == []
    copy = tmp_path / "nowhere.invalid/data.bin"
    copy.parent.mkdir()
    copy.touch()
    with pytest.raises(InputError, match="an empty file"):
        fetch("https://nowhere.invalid/data.bin", target, expected, tmp_path)
    assert left(target) == []


def secretly(server, path="data.bin"):
    return server.url(f"{path}?token=secret").replace("://", "://me:secret@")


@pytest.mark.parametrize("status", [200, 403, 404])
def test_no_message_and_no_log_shows_a_secret(server, target, tmp_path, caplog, status):
    if status == 200:
        server.answer = lambda request: server.send(request, BODY)
        fetch(secretly(server), target, None, tmp_path, backoff=0)
        assert "Authorization" in server.asked[0]
    else:
        server.answer = lambda request: server.send(request, b"", status=status)
        with pytest.raises(InputError) as error:
            fetch(secretly(server), target, None, tmp_path, backoff=0)
        assert "secret" not in str(error.value)
    # Lines are made public where they are written (`job.run`).
    assert "secret" not in "".join(public(line) for line in caplog.messages)


def test_no_network_shows_no_secret(target, tmp_path, caplog):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://me:secret@127.0.0.1:{closed.getsockname()[1]}/a?token=secret"
        with pytest.raises(InputError) as error:
            fetch(url, target, SHA, tmp_path, backoff=0)
    assert "Max retries exceeded with url: /a?…" in error.value.found
    assert "secret" not in str(error.value)
    assert "secret" not in "".join(public(line) for line in caplog.messages)


def test_what_is_kept_of_a_broken_transfer_holds_no_secret(server, target, monkeypatch):
    monkeypatch.setattr(download, "ATTEMPTS", 1)
    server.answer = lambda request: server.send_range(request, BODY, sent=2_000_000, ETag='"v1"')
    with pytest.raises(InputError, match="broke off") as error:
        fetch(secretly(server), target, SHA, backoff=0)
    note = target.with_name("data.bin.part.json").read_text()
    assert "secret" not in note + str(error.value)
