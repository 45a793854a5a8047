"""uv, told what pip is told."""

import ast
import subprocess
import sys
from pathlib import Path

# What pip is told by its own settings, and the variable that tells uv the same.
SETTINGS = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "cert": ("SSL_CERT_FILE", " "),
}


def uv_settings(versions: Path) -> dict[str, str]:
    """Where this machine's packages come from, and a file of the versions to take."""
    pip = [sys.executable, "-m", "pip", "config", "list"]
    said = subprocess.run(pip, capture_output=True, text=True, check=True).stdout
    # As in pip, the environment (":env:") goes over the files ("global").
    lines = sorted(said.splitlines(), key=lambda line: line.startswith(":env:"))
    settings = {"UV_INDEX_STRATEGY": "unsafe-best-match"}  # pip's
    for line in lines:
        key, text = line.split("=", 1)
        name = key.split(".", 1)[1]
        if name in SETTINGS:
            variable, separator = SETTINGS[name]
            settings[variable] = separator.join(ast.literal_eval(text).split())
    return settings | {"UV_CONSTRAINT": str(versions)}
