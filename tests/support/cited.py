"""What a report page claims, held against the tables that it names."""

from html.parser import HTMLParser
from pathlib import Path

import pandas as pd

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Page(HTMLParser):
    """The page's cited numbers and sentences, its pictures and its addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cited: list[tuple[dict[str, str], str]] = []
        self.images: list[dict[str, str]] = []
        self.addresses: list[str] = []
        self.words: list[str] = []  # what is read or read out, without code and the config
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = {key: value or "" for key, value in attrs}
        self.addresses += [given[key] for key in ("src", "href", "srcset") if key in given]
        if tag == "img" or given.get("role") == "img":
            self.images.append(given)
        self.words += [given[key] for key in ("alt", "aria-label") if key in given]
        if tag not in VOID:
            self._open.append((tag, given, []))

    def handle_data(self, data):
        if not {tag for tag, *_ in self._open} & {"script", "style", "code", "pre"}:
            self.words.append(data)
        for _, given, text in self._open:
            if "data-row" in given:
                text.append(data)

    def handle_endtag(self, tag):
        while self._open:
            opened, given, text = self._open.pop()
            if "data-row" in given:
                self.cited.append((given, "".join(text)))
            if opened == tag:
                break


def wrong(page: Page, root: Path) -> list[str]:
    """Every cited number or sentence that is not what its table says.

    Args:
        root: the run's folder.
    """
    tables: dict[str, pd.DataFrame] = {}
    found = []
    for given, text in page.cited:
        name = given["data-table"]
        if name not in tables:
            separator = "," if name.endswith(".csv") else "\t"
            tables[name] = pd.read_csv(root / name, sep=separator, dtype=str, keep_default_na=False)
        rows = tables[name]
        for pair in filter(None, given["data-row"].split(";")):
            if pair.endswith(">0"):
                rows = rows[pd.to_numeric(rows[pair.removesuffix(">0")]) > 0]
                continue
            column, value = pair.split("=", 1)
            same = rows[column] == value
            if not same.any():
                numbers = pd.to_numeric(rows[column], errors="coerce")
                same = numbers == pd.to_numeric(value, errors="coerce")
            rows = rows[same]
        column = given["data-column"]
        said = [str(len(rows))] if not column else rows[column].tolist()
        claim = given.get("value", text)
        # A sentence may be shown without the end that it shares with its neighbours.
        part = column == "sentence" and len(said) == 1 and said[0].startswith(claim)
        equal = (
            said == [claim]
            or part
            and len(claim) > 20
            or (len(said) == 1 and "value" in given and abs(float(said[0]) - float(claim)) < 1e-9)
        )
        if not equal:
            found.append(f"{name} {given['data-row']} {column}: {claim!r}, the table has {said}")
        elif "value" in given and not close(text, float(claim)):
            found.append(f"{name} {given['data-row']} {column}: shown as {text!r}, is {claim}")
    return found


def close(text: str, value: float) -> bool:
    """Whether a number as it is shown is the value, but for rounding to its last digit."""
    plain = text.replace("−", "-").replace(",", "").replace("+", "")
    percent = plain.endswith("%")
    plain = plain.rstrip("% ")
    decimals = len(plain.partition(".")[2])
    shown = float(plain) / (100 if percent else 1)
    return abs(shown - value) <= 0.5001 * 10**-decimals / (100 if percent else 1)
