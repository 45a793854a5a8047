"""What the page gives to take away: links to files beside it, methods, captions of figures."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
import yaml
from markupsafe import Markup, escape

from foldcast.fingerprint import WORKFLOW

# What stands in the names of figures behind their kind, where it is not dataset, graph and model.
NAMED = {
    "contact_map": ("graph",),
    "map_changes": ("graph",),
    "enrichment": ("kind", "of", "by"),
    "variants": ("run",),
    "mutagenesis": ("run", "region"),
}
CAPTIONS = {"enrichment": "enrichment_figure"}


def describe(files: Mapping[str, str], links: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What the template shows: links by title, the methods and how to cite.

    Args:
        files: methods (Markdown of headings and paragraphs) and cite (Markdown with a list).
        links: title → paths from the folder of the page.
    """
    return {
        "links": links,
        "methods": _paragraphs(Path(files["methods"]).read_text(encoding="utf-8")),
        "cite": [
            line.removeprefix("- ")
            for line in Path(files["cite"]).read_text(encoding="utf-8").splitlines()
            if line.startswith("- ")
        ],
    }


def captions(figures: Sequence[str], config: str) -> dict[str, Markup]:
    """Figure → its caption as HTML: that of Snakemake's report, with this run's names in it.

    Args:
        figures: names without suffix, as ``graph.mrna.folded``.
        config: of the run, as YAML.
    """
    settings = yaml.safe_load(config)
    return {figure: _caption(figure, settings) for figure in figures}


def _caption(figure: str, config: Mapping[str, Any]) -> Markup:
    kind, *of = figure.split(".")
    names = NAMED.get(kind, ("dataset", "graph", "model"))
    path = WORKFLOW / "report" / f"{CAPTIONS.get(kind, kind)}.rst"
    wildcards = dict(zip(names, of, strict=False))
    template = jinja2.Template(path.read_text(encoding="utf-8"), undefined=jinja2.StrictUndefined)
    text = template.render(snakemake=SimpleNamespace(wildcards=wildcards, config=config))
    return _html(text)


def _html(text: str) -> Markup:
    """Paragraphs of reStructuredText with ``code``, *words* and **words** in them."""
    paragraphs = []
    for part in re.split(r"\n\s*\n", text.strip()):
        said = str(escape(" ".join(part.split())))
        for mark, tag in (("``", "code"), (r"\*\*", "strong"), (r"\*", "em"), ("`", "code")):
            said = re.sub(f"{mark}(.+?){mark}", rf"<{tag}>\1</{tag}>", said)
        paragraphs.append(f"<p>{said}</p>")
    return Markup("".join(paragraphs))


def _paragraphs(text: str) -> list[str]:
    parts = [" ".join(part.split()) for part in text.split("\n\n")]
    return [part for part in parts if part and not part.startswith("#")]
