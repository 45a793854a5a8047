"""One file by URL and checksum: from a mirror or the network, whole and verified or not at all."""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import requests
import urllib3
from requests.adapters import HTTPAdapter

from foldcast.errors import InputError
from foldcast.files import atomic
from foldcast.job import log, progress
from foldcast.resources.download_content import html_page, may_be_html, verify
from foldcast.resources.download_keys import mirror_path

CHUNK = 1 << 20
TIMEOUT = (15, 60)  # seconds to connect, seconds without a byte
TRANSIENT = (429, 500, 502, 503, 504)
ATTEMPTS = 5


def fetch(
    url: str,
    target: str | Path,
    expected: str | None = None,
    mirror: str | Path | None = None,
    *,
    backoff: float = 1.0,
) -> None:
    """Bring ``url`` to ``target``.

    ``mirror/host/path`` is copied if it is there; otherwise the network is asked, through the
    proxies of the environment. An interrupted transfer stays beside the target as
    ``<name>.part`` (with ``<name>.part.json``, which says of what) and is resumed by the next
    attempt, in this run or a later one, as long as the server's ETag, Last-Modified and length
    are the same. What arrived whole but wrong is deleted.

    Args:
        url: http or https address.
        target: path of the file; it appears only when everything is right.
        expected: ``sha256:<hex>`` or ``md5:<hex>``; None verifies nothing and logs the SHA-256.
        mirror: folder to look in first.
        backoff: seconds before the second attempt; doubles with every further one.

    Raises:
        InputError: no network, no such file, an HTML page, a truncated file, a wrong checksum.
    """
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    if mirror and (copy := mirror_path(url, mirror)).is_file():
        log.info("%s: copying %s", url, copy)
        with atomic(target) as temporary:
            shutil.copyfile(copy, temporary)
            verify(temporary, url, target.name, expected, place=f"the mirror's {copy}")
        return
    if mirror:
        log.info("%s is not in the mirror %s; asking the network", url, mirror)

    part = Part(target)
    _download(url, part, mirror, backoff)
    try:
        verify(part.path, url, target.name, expected)
    except InputError:
        part.discard()
        raise
    os.replace(part.path, target)
    part.discard()


@dataclass(frozen=True)
class Version:
    """Which content of a URL a partial file belongs to."""

    url: str  # a hash of it: it may hold a password
    etag: str | None
    last_modified: str | None
    length: int | None

    @classmethod
    def of(cls, url: str, response: requests.Response) -> "Version":
        headers = response.headers
        if response.status_code in (206, 416):  # Content-Length is the rest's; this the whole's
            length = headers.get("Content-Range", "").rpartition("/")[2]
        else:
            length = headers.get("Content-Length", "")
        return cls(
            _hash(url),
            headers.get("ETag"),
            headers.get("Last-Modified"),
            int(length) if length.isdigit() else None,
        )


def _hash(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


class Part:
    """A transfer under way: its bytes so far, and which version they are of."""

    def __init__(self, target: Path) -> None:
        self.path = target.with_name(target.name + ".part")
        self.note = target.with_name(target.name + ".part.json")

    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def version(self) -> Version | None:
        """The version noted; None where there is none, or nothing that tells it from another."""
        if not (self.path.exists() and self.note.exists()):
            return None
        try:
            version = Version(**json.loads(self.note.read_text()))
        except (ValueError, TypeError):  # cut off by a kill while it was written
            return None
        return version if version.etag or version.last_modified else None

    def start(self, version: Version) -> None:
        """Forget the bytes so far and note what the coming ones are of."""
        self.discard()
        self.note.write_text(json.dumps(asdict(version)))

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)


def _download(url: str, part: Part, mirror: str | Path | None, backoff: float) -> None:
    """Fill ``part`` until it is whole; give up after `ATTEMPTS` that brought nothing new."""
    failures = 0
    with _session(backoff) as session:
        while True:
            before = part.size()
            try:
                if _transfer(session, url, part):
                    return
                failures += 1
                reason = "the server's file is another one now"
            except requests.RequestException as error:
                raise _no_network(url, mirror, error) from error
            except urllib3.exceptions.HTTPError as error:
                failures = 1 if part.size() > before else failures + 1
                reason = str(error)
            if failures >= ATTEMPTS:
                raise _interrupted(url, part, reason)
            log.info("%s: %s; trying again from byte %d", url, reason, part.size())
            time.sleep(backoff * 2 ** (failures - 1))


def _session(backoff: float) -> requests.Session:
    retry = urllib3.Retry(
        total=ATTEMPTS,
        backoff_factor=backoff,
        status_forcelist=TRANSIENT,
        raise_on_status=False,
        retry_after_max=120,
    )
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session


def _transfer(session: requests.Session, url: str, part: Part) -> bool:
    """One request; True when the part is whole, False when it was discarded and must restart."""
    noted = part.version()
    done = part.size() if noted and noted.url == _hash(url) else 0
    # Bytes as they lie on the server: otherwise lengths, ranges and checksums mean another file.
    headers = {"Accept-Encoding": "identity"}
    if done and noted:
        headers["Range"] = f"bytes={done}-"
        if noted.etag and not noted.etag.startswith("W/"):
            headers["If-Range"] = noted.etag
        elif noted.last_modified:
            headers["If-Range"] = noted.last_modified

    with session.get(url, headers=headers, stream=True, timeout=TIMEOUT) as response:
        version = Version.of(url, response)
        if done and response.status_code == 416:
            if version.length == done:
                return True
            part.discard()
            return False
        if response.status_code >= 400:
            raise _refused(url, response)
        if response.headers.get("Content-Type", "").startswith("text/html") and not may_be_html(
            part.path.name.removesuffix(".part")
        ):
            raise html_page(url)
        if response.status_code == 206:
            begins = f"bytes {done}-"
            if version != noted or not response.headers.get("Content-Range", "").startswith(begins):
                part.discard()
                return False
        else:
            done = 0
            part.start(version)
        log.info("%s: %s bytes, from byte %d", url, version.length or "unknown", done)
        _append(response, part, done, version.length)
    return version.length is None or part.size() == version.length


def _append(response: requests.Response, part: Part, done: int, length: int | None) -> None:
    name = part.path.name.removesuffix(".part")
    total = None if length is None else -(-(length - done) // CHUNK)
    with open(part.path, "ab") as handle:
        chunks: Iterator[bytes] = response.raw.stream(CHUNK, decode_content=False)
        for chunk in progress(chunks, total=total, what=f"{name} (MiB)"):
            handle.write(chunk)


def _refused(url: str, response: requests.Response) -> InputError:
    status = response.status_code
    if status in TRANSIENT:
        remedy = "the server is busy or down: run again later, or put the file in a mirror"
    elif status in (401, 403):
        remedy = "the file needs a login or a licence: save it by hand and give it as `path`"
    else:
        remedy = "the file has moved or the address is mistyped: look it up where it is published"
    return InputError(
        url,
        found=f"HTTP {status} {response.reason}",
        expected="HTTP 200 and the file",
        remedy=remedy,
    )


def _interrupted(url: str, part: Part, reason: str) -> InputError:
    version = part.version()
    length = version.length if version else None
    return InputError(
        url,
        found=f"the transfer broke off after {part.size()} bytes, {ATTEMPTS} times in a row "
        f"without any progress ({reason})",
        expected=f"{length} bytes" if length else "the whole file",
        remedy=f"run again: it goes on from {part.path}",
    )


def _no_network(url: str, mirror: str | Path | None, error: Exception) -> InputError:
    looked = f", and it is not in the mirror {mirror}" if mirror else ""
    return InputError(
        url,
        found=f"no answer ({error}){looked}",
        expected="the server's answer",
        remedy="check the network and the proxy (https_proxy); without a network, bring the file "
        f"as {mirror_path(url, mirror or 'MIRROR')} and set `mirror` or FOLDCAST_MIRROR",
    )
