"""Is a file that came what was asked for?"""

import gzip
from pathlib import Path

from foldcast.errors import InputError
from foldcast.file_kinds import HTML
from foldcast.files import BROKEN_GZIP, checksum
from foldcast.job import log


def verify(path: Path, url: str, name: str, expected: str | None, place: str | None = None) -> None:
    """Raise `InputError` unless the file's content is what was asked for.

    Args:
        path: the file as it came.
        url, place: named in messages: where it came from, and the config's key.
        name: the name that it will have; tells whether it may be HTML or is gzipped.
        expected: ``sha256:<hex>`` or ``md5:<hex>``; None: what came is logged and not verified.
    """
    with open(path, "rb") as handle:
        head = handle.read(1024)
    if not head:
        raise InputError(
            url,
            place=place,
            found="an empty file (0 bytes)",
            expected="the file itself",
            remedy="look whether it is empty where it is published; delete an empty copy from the "
            "mirror, and run again",
        )
    if _is_html(head) and not may_be_html(name):
        raise html_page(url, place)
    algorithm, _, digest = (expected or "sha256:").partition(":")
    came = checksum(path, algorithm)
    if digest and came == digest.lower():
        log.info("%s: %s verified", url, algorithm)
        return
    if name.endswith(".gz"):
        _check_gzip(path, url, place)
    if digest:
        raise InputError(
            url,
            place=place,
            found=f"{algorithm}:{came} ({path.stat().st_size} bytes)",
            expected=f"{algorithm}:{digest}",
            remedy="the file was changed or damaged on its way: compare with the checksum that "
            "its publisher gives, then mend the mirror's copy or the checksum in the config",
        )
    log.warning("%s: sha256:%s came; nothing was verified (no checksum given)", url, came)


def _is_html(head: bytes) -> bool:
    return HTML.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def may_be_html(name: str) -> bool:
    return name.endswith((".html", ".htm"))


def _check_gzip(path: Path, url: str, place: str | None) -> None:
    try:
        with gzip.open(path) as handle:
            while handle.read(1 << 20):
                pass
    except BROKEN_GZIP as error:
        raise InputError(
            url,
            place=place,
            found=f"{path.stat().st_size} bytes that are no whole gzip file: {error}",
            expected="a whole gzip file",
            remedy="the transfer or the publisher's file is truncated: run again; if it comes "
            "so again, take the file from another address",
        ) from error


def html_page(url: str, place: str | None = None) -> InputError:
    return InputError(
        url,
        place=place,
        found="an HTML page (a login, licence or error page)",
        expected="the file itself",
        remedy="open the address in a browser and copy the link of the download itself, or save "
        "the file and give it as `path`",
    )
