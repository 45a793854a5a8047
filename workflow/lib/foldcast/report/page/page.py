"""The page itself: sections put into the template, with everything that they need inside."""

import base64
import gzip
import io
import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
import plotly.offline
from markupsafe import Markup
from PIL import Image

HERE = Path(__file__).parent
GLOSSARY = tomllib.loads((HERE / "glossary.toml").read_text(encoding="utf-8"))
LONGEST = 200  # rows of a table that are shown


def render(**sections: Any) -> str:
    """The page as HTML, with style, scripts, charts and data in it; nothing is fetched by it."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["json"] = safe_json
    environment.filters["packed"] = packed
    environment.filters["words_used"] = words_used
    return environment.get_template("template.html.j2").render(
        style=Markup((HERE / "page.css").read_text()),
        script=Markup("".join((HERE / name).read_text() for name in ("page.js", "genes.js"))),
        plotly=packed(plotly.offline.get_plotlyjs()),
        **sections,
    )


def words_used(html: Markup) -> dict[str, str]:
    """The words of the glossary that a part of the page uses, and what each means."""
    text = Markup(str(html).replace("<", " <")).striptags()  # words of two cells are not one
    return {
        word: said
        for word, said in GLOSSARY.items()
        if re.search(rf"\b{re.escape(word.removesuffix('s'))}s?\b", text, re.IGNORECASE)
    }


def safe_json(value: Any) -> Markup:
    """JSON that can stand within <script>: no tag ends it."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return Markup(text.replace("</", "<\\/").replace("<!--", "<\\!--"))


def packed(value: Any) -> str:
    """JSON, or a text, that is too long to stand in the page as it is: gzip, in base64."""
    text = value
    if not isinstance(value, str):
        text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode(), 6, mtime=0)).decode()


def table(
    rows: pd.DataFrame,
    path: str,
    title: str,
    columns: Sequence[str] | None = None,
    longest: int = LONGEST,
) -> dict[str, Any]:
    """A table to show and filter: its first rows, and where the whole of it is.

    Args:
        rows: the whole table.
        path: its file, named on the page.
        title: what stands above it.
        columns: those to show; None: all.
        longest: rows to show.
    """
    shown = rows.loc[:, list(columns) if columns else list(rows.columns)].head(longest)
    return {
        "title": title,
        "path": path,
        "columns": list(shown.columns),
        "rows": [[cell(value) for value in row] for row in shown.itertuples(index=False)],
        "total": len(rows),
    }


def cell(value: Any) -> str:
    """A value of a table as it is shown: four significant digits, nothing where it is empty."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if isinstance(value, float):
        return f"{value:.4g}".replace("-", "−")
    return str(value)


def picture(path: str | Path, text: str) -> dict[str, str]:
    """A figure as it can stand in the page: WebP without loss, a third of what a PNG takes."""
    small = io.BytesIO()
    with Image.open(path) as image:
        image.save(small, "WEBP", lossless=True, method=1)
    data = base64.b64encode(small.getvalue()).decode()
    return {"source": f"data:image/webp;base64,{data}", "text": text, "name": Path(path).stem}
