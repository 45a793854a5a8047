"""User names, passwords and query strings of URLs are for no log, table or page."""

import pytest

from foldcast.errors import InputError
from foldcast.public_text import public, public_part

URLS = {
    "https://me:secret@host/a": "https://host/a",
    "https://secret@host/a": "https://host/a",
    "ftp://me:secret@host": "ftp://host",
    "HTTPS://me:sec@ret@host:8080/a@b": "HTTPS://host:8080/a@b",
    "http://me:sec/ret@host/a": "http://host/a",
    "http://me:sec?ret@host/a": "http://host/a",
    "https://host/a?token=secret": "https://host/a?…",
    "https://host/a?secret": "https://host/a?…",
    "https://host?key=secret&b=/c": "https://host?…",
    "https://me:secret@host/a?token=secret#part": "https://host/a?…",
    "s3://secret:secret@bucket/key?X-Amz-Signature=secret": "s3://bucket/key?…",
}
TEXTS = {
    "no answer (HTTPSConnectionPool(host='h', port=443): Max retries exceeded with url: "
    "/a?token=secret (Caused by X))": "no answer (HTTPSConnectionPool(host='h', port=443): Max "
    "retries exceeded with url: /a?… (Caused by X))",
    "Retrying after: /a/b?secret": "Retrying after: /a/b?…",
    'GET "https://me:secret@host/a?secret" HTTP/1.1': 'GET "https://host/a?…" HTTP/1.1',
    "two: https://me:secret@a/b, https://secret@c/d": "two: https://a/b, https://c/d",
}
PLAIN = (
    "https://host/a",
    "https://host:8080/a@b/c:d",
    "https://maayanlab.cloud/Enrichr/#libraries",
    "did you mean chr1?",
    "is it results/tiny/a.tsv? No.",
    "https://host/a, or me@host",
    "cool::/resolutions/1000",
)


@pytest.mark.parametrize(("text", "shown"), (URLS | TEXTS).items())
def test_what_is_secret_is_left_out(text, shown):
    assert public(text) == shown
    assert public(f"see {text} there") == f"see {shown} there"
    assert "sec" not in public(text)


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_public_stays(text):
    assert public(text) == text


def test_a_config_is_gone_through_to_its_end():
    part = {"a": [{"url": "https://me:secret@host/a"}, 1, None], "b": "https://host/?secret"}
    assert public_part(part) == {"a": [{"url": "https://host/a"}, 1, None], "b": "https://host/?…"}


def test_an_error_holds_no_secret():
    url = "https://me:secret@host/a?token=secret"
    error = InputError(url, place=url, found=f"x {url}", expected=url, remedy=url)
    assert "secret" not in str(error) + str(vars(error))
    assert error.source == "https://host/a?…"
