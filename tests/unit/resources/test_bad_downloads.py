"""Downloads that go wrong, one row each: the table of docs/downloads.md, against a real server."""

import contextlib
import gzip
import hashlib
import random
import socket
from dataclasses import dataclass
from pathlib import Path

import pytest

from foldcast.errors import InputError
from foldcast.resources import download
from foldcast.resources.download import fetch

PAGE = Path(__file__).parents[3] / "docs/downloads.md"
BODY = random.Random(2).randbytes(200_000)
OTHER = random.Random(3).randbytes(200_000)
HTML = b"<!DOCTYPE html><html><title>Sign in</title></html>"
PACKED = gzip.compress(BODY)
WHOLE = "the whole file"


def sha(body):
    return "sha256:" + hashlib.sha256(body).hexdigest()


def always(body=BODY, **how):
    return lambda server, request: server.send(request, body, **how)


def at_first(one, then):
    """Another answer to the first request than to those after it."""
    return lambda server, request: (one if len(server.asked) == 1 else then)(server, request)


def in_ranges(body=BODY, **how):
    return lambda server, request: server.send_range(request, body, **how)


def to(place, then):
    """A redirect to a place, where ``then`` answers."""

    def answer(server, request):
        if request.path == f"/{place}":
            return then(server, request)
        return server.send(request, b"", status=302, Location=f"/{place}")

    return answer


def stalled(server, request):
    request.send_response(200)
    request.send_header("Content-Length", str(len(BODY)))
    request.end_headers()
    request.wfile.write(BODY[:1000])
    request.wfile.flush()
    request.connection.settimeout(5)
    with contextlib.suppress(TimeoutError):
        request.connection.recv(1)  # until the other side gives up
    request.close_connection = True


def broken_chunks(server, request):
    request.send_response(200)
    request.send_header("Transfer-Encoding", "chunked")
    request.end_headers()
    request.wfile.write(b"400\r\n" + BODY[:100])
    request.close_connection = True


def no_http(server, request):
    request.wfile.write(b"220 ftp.example.org ready\r\n")
    request.close_connection = True


def wrong_range(server, request):
    if "Range" in request.headers:
        return server.send(
            request, BODY[5:], status=206, ETag='"1"',
            Content_Range=f"bytes 5-{len(BODY) - 1}/{len(BODY)}",
        )  # fmt: skip
    return server.send(request, BODY, sent=100_000 if len(server.asked) == 1 else None, ETag='"1"')


@dataclass(frozen=True)
class Bad:
    """What a server does, and what comes of it: `WHOLE`, or words of the message."""

    what: str  # as in the page's table
    answer: object
    said: str
    name: str = "data.bin"
    checksum: str | None = sha(BODY)


TABLE = [
    Bad("an empty file", always(b""), "empty file"),
    Bad("a page in place of the file", always(HTML, Content_Type="text/html"), "HTML page"),
    Bad("a page that says it is data", always(HTML), "HTML page", checksum=None),
    Bad("a redirect to a login page",
        to("login", always(HTML, Content_Type="text/html; charset=utf-8")), "HTML page"),
    Bad("a redirect to the file", to("moved.bin", always()), WHOLE),
    Bad("redirects in a circle", to("x", lambda s, r: s.send(r, b"", status=302, Location="/x")),
        "redirects"),
    Bad("401, 403: a login is needed", always(b"", status=403), "needs a login"),
    Bad("404, 410: it has moved", always(b"", status=410), "has moved"),
    Bad("500, 502, 503, 504 for a while",
        at_first(always(b"", status=503, Retry_After=0), always()), WHOLE),
    Bad("500, 502, 503, 504 for good", always(b"", status=500), "busy or down"),
    Bad("429: too many requests",
        at_first(always(b"", status=429, Retry_After=0), always()), WHOLE),
    Bad("a connection that drops, and ranges",
        at_first(in_ranges(sent=90_000, ETag='"1"'), in_ranges(ETag='"1"')), WHOLE),
    Bad("a connection that drops, no ranges", at_first(always(sent=90_000), always()), WHOLE),
    Bad("a connection that drops every time", always(sent=90_000), "broke off"),
    Bad("a connection that stalls", stalled, "broke off"),
    Bad("chunks that break off", broken_chunks, "broke off"),
    Bad("another file after the drop",
        at_first(in_ranges(OTHER, sent=90_000, ETag='"1"'), in_ranges(ETag='"2"')), WHOLE),
    Bad("another part than was asked for", wrong_range, WHOLE),
    Bad("a shorter file after the drop",
        at_first(in_ranges(BODY + OTHER, sent=300_000, ETag='"1"'), in_ranges(ETag='"1"')), WHOLE),
    Bad("a changed file", always(OTHER), "sha256:"),
    Bad("one byte too few, of unknown length", always(BODY[:-1], Content_Length=None), "sha256:"),
    Bad("a gzip file cut short, without a checksum", always(PACKED[:-100], Content_Length=None),
        "no whole gzip file", "data.gz", None),
    Bad("something else with the name of a gzip file", always(b'{"error": "quota"}'),
        "no whole gzip file", "data.gz", None),
    Bad("an answer that is no HTTP", no_http, "no answer"),
]  # fmt: skip


@pytest.mark.parametrize("bad", TABLE, ids=lambda bad: bad.what)
def test_whole_or_said_and_not_there(server, tmp_path, monkeypatch, bad):
    monkeypatch.setattr(download, "TIMEOUT", (2, 0.05))
    server.answer = lambda request: bad.answer(server, request)
    target = tmp_path / bad.name
    call = lambda: fetch(server.url(bad.name), target, bad.checksum, backoff=0)  # noqa: E731
    if bad.said == WHOLE:
        call()
        assert target.read_bytes() == BODY
        assert [path.name for path in tmp_path.iterdir()] == [bad.name]
        return
    with pytest.raises(InputError, match=bad.said) as raised:
        call()
    message = str(raised.value)
    assert server.url("") in message and "\n" in message
    assert not target.exists()
    # What is kept is what the next run goes on with.
    assert {path.suffix for path in tmp_path.iterdir()} <= (
        {".part", ".json"} if "broke off" in message else set()
    )


@pytest.mark.parametrize(
    "url", ["http://nowhere.invalid/data.bin", "http://127.0.0.1:{closed}/data.bin",
            "https://127.0.0.1:{plain}/data.bin"],
    ids=["a name that is not known", "nobody answers", "no TLS"],
)  # fmt: skip
def test_no_server(server, tmp_path, monkeypatch, url):
    monkeypatch.setenv("no_proxy", "*")
    server.answer = lambda request: server.send(request, BODY)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = free.getsockname()[1]
    with pytest.raises(InputError, match="no answer") as raised:
        fetch(url.format(closed=closed, plain=server.server_port), tmp_path / "data.bin", backoff=0)
    assert "mirror" in str(raised.value)
    assert not list(tmp_path.iterdir())


def test_the_page_has_every_row():
    rows = [line.split("|")[1].strip() for line in PAGE.read_text().splitlines() if "|" in line]
    assert [bad.what for bad in TABLE] == [row for row in rows if row in {b.what for b in TABLE}]
    for row in ("a name that is not known", "nobody answers", "no TLS"):
        assert row in rows
