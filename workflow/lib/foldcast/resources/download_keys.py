"""Where a download lives: names that depend on its checksum and URL alone.

Imported when the workflow is parsed, so nothing heavy is imported here.
"""

import hashlib
import posixpath
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from foldcast.errors import InputError


def resource_key(url: str, checksum: str | None = None) -> str:
    """Folder of a download: 16 hexadecimal digits.

    They are the first of the checksum's digest, so that one file has one place whatever mirror or
    address it came from; without a checksum, the first of the URL's SHA-256.
    """
    digest = checksum.partition(":")[2] if checksum else hashlib.sha256(url.encode()).hexdigest()
    return digest[:16].lower()


def resource_name(url: str) -> str:
    """File name of a download: the URL's last path component, unsafe characters as ``_``."""
    last = unquote(posixpath.basename(urlsplit(url).path.rstrip("/")))
    return re.sub(r"[^A-Za-z0-9._+-]", "_", last).lstrip(".-") or "file"


def mirror_path(url: str, mirror: str | Path) -> Path:
    """``https://host/path?query`` within a mirror: ``mirror/host/path``, never outside of it.

    Raises:
        InputError: a host that is none, such as ``..``.
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if not host.strip(".") or "\\" in host:
        raise InputError(
            url,
            found=f"the host {host!r}",
            expected="the name of a server",
            remedy="give the address as it is published",
        )
    return Path(mirror) / host / posixpath.normpath("/" + parts.path).lstrip("/")
