"""What to be careful about in a dataset, each with what can be done, the weightiest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from foldcast.graph.map_times import NO_MAP
from foldcast.hic.map_depth import DEEP, ENOUGH, deep_bin_size
from foldcast.protocol import MIN_ORIGINS
from foldcast.report.page.page_tables import Tables

LOADING = 0.9  # |r| of PC1 with the samples' mean from which on it is called loading
MUCH = 0.3  # share of the variance from which on PC1 is worth a word
ONE_COMPONENT = 0.5  # share of the one-step error from which on one component carries most of it
FEW_ORIGINS = 12  # fewer tell large differences only
FEW_IN_CONTACT = 0.5  # share of the genes
NARROW = 0.8  # of the values that intervals of 90 % should hold


@dataclass(frozen=True)
class Caution:
    """What is wrong, and what to do about it."""

    what: Markup
    remedy: str


def cautions(tables: Tables, name: str, about: Mapping[str, Any]) -> list[Caution]:
    """Those of a dataset; none where there is nothing to say."""
    found = [
        *samples_alike(tables, name),
        *few_replicates(tables, name),
        *(few_origins(tables, name, about) if about["scored"] else []),
        *loading(tables, name),
        *batches(tables, name),
        *(narrow(tables, name, about) if about["scored"] else []),
        *no_rewired_graph(about),
        *not_deep(tables, name, about),
        *shallow(tables, name, about),
        *unplaced(tables, name),
    ]
    return found


def samples_alike(tables: Tables, name: str) -> list[Caution]:
    number = len(tables.rows(f"flags.{name}", kind="identical samples"))
    if not number:
        return []
    pairs = tables.count(f"flags.{name}", kind="identical samples")
    what = Markup("Pairs of samples with the very same values: {}.").format(pairs)
    return [Caution(what, "Look for a sample that was entered twice.")]


def few_replicates(tables: Tables, name: str) -> list[Caution]:
    samples = tables.read(f"samples.{name}")
    replicates = samples[samples["copy_of"].isna()].groupby("time").size()
    if replicates.max() > 1:
        return []
    what = Markup("One sample per time: noise and change cannot be told apart.")
    return [Caution(what, "A second replicate, at some of the times at least.")]


def few_origins(tables: Tables, name: str, about: Mapping[str, Any]) -> list[Caution]:
    graph, model = about["forecast"]
    of = {"metric": "skill", "model": model, "graph": graph}
    origins = tables.value(f"evaluation.{name}", "n_origins", **of)
    if origins is None or origins >= FEW_ORIGINS:
        return []
    shown = tables.cite(f"evaluation.{name}", "n_origins", "count", **of)
    few = "there are no intervals" if origins < MIN_ORIGINS else "only large differences show"
    what = Markup("Few origins ({}): {}.").format(shown, few)
    return [Caution(what, f"More times; from {FEW_ORIGINS} origins on smaller ones show.")]


def loading(tables: Tables, name: str) -> list[Caution]:
    """Of the samples as the models see them: whether their differences are how much RNA each had,
    and whether one component carries the error."""
    table, found = f"loading.{name}", []
    share, mean, age, error = (
        tables.value(table, "value", stage="panel", metric=metric) or 0.0
        for metric in ("pc1_share", "pc1_r_mean", "pc1_r_age", "error_share")
    )
    cite = cite_loading(tables, table, "panel")
    if abs(mean) > LOADING and abs(mean) > abs(age) and share > MUCH:
        what = Markup(
            "Samples differ mostly by how much RNA they had (first component: {} of the variance, "
            "r {} with their mean)."
        ).format(cite("pc1_share", "share"), cite("pc1_r_mean", "r"))
        found.append(Caution(what, Markup("Bring them to one scale: key <code>normalise</code>.")))
    if error > ONE_COMPONENT:
        what = Markup("One pattern carries {} of all changes, and of what scores measure.").format(
            cite("error_share", "share")
        )
        found.append(Caution(what, "Look at the figure of loading for what it follows."))
    return found


def cite_loading(tables: Tables, table: str, stage: str) -> Any:
    """A number of the table of loading, by its metric and its form."""
    return lambda metric, form: tables.cite(table, "value", form, stage=stage, metric=metric)


def batches(tables: Tables, name: str) -> list[Caution]:
    """Whether batches are times, so that a batch looks like a change."""
    samples = tables.read(f"samples.{name}")
    known = samples.dropna(subset="batch")
    if known["batch"].nunique() < 2 or (known.groupby("time")["batch"].nunique() > 1).any():
        return []
    what = Markup("Each time was measured in one batch ({} batches): a batch looks like a change.")
    remedy = "Spread the replicates of a time over batches."
    return [Caution(what.format(known["batch"].nunique()), remedy)]


def narrow(tables: Tables, name: str, about: Mapping[str, Any]) -> list[Caution]:
    graph, model = about["forecast"]
    of = {"metric": "coverage_90", "horizon": 1, "model": model, "graph": graph}
    held = tables.value(f"horizons.{name}", "value", **of)
    if held is None or held >= NARROW:
        return []
    shown = tables.cite(f"horizons.{name}", "value", "share", **of)
    what = Markup("Intervals are too narrow: those of 90 % held {} of values.").format(shown)
    return [Caution(what, "Count on wider ones; more times make them better.")]


def no_rewired_graph(about: Mapping[str, Any]) -> list[Caution]:
    """Whether a network's pairs were held against no others."""
    graphs = [graph for graph in about["graphs"] if graph != NO_MAP]
    if not about["model"] or not graphs or about["rewired"]:
        return []
    what = Markup("The network was not held against other pairs of genes.")
    return [Caution(what, Markup("Add a graph with the key <code>rewire</code>."))]


def not_deep(tables: Tables, name: str, about: Mapping[str, Any]) -> list[Caution]:
    """Whether a map of the first graph has too few contacts for its bins."""
    graph, found = about["graphs"][0], []
    for number, of in enumerate(about["maps"].get(graph, ())):
        depth = f"depth.{name}.{graph}.{number}"
        sizes = tables.read(depth)
        if sizes.empty or sizes["share"].iloc[0] >= DEEP:
            continue
        own = int(sizes["bin_size"].iloc[0])
        what = Markup(
            "Map {} is shallow: {} of its bins of {:,} bp have {:,} contacts, {:.0f} % should."
        ).format(of, tables.cite(depth, "share", "share", bin_size=own), own, ENOUGH, 100 * DEEP)
        remedy = Markup("A deeper map.")
        if larger := deep_bin_size(sizes):
            remedy = Markup("A deeper map, or bins of {:,} bp: key <code>resolution</code>.")
            remedy = remedy.format(larger)
        found.append(Caution(what, remedy))
    return found


def shallow(tables: Tables, name: str, about: Mapping[str, Any]) -> list[Caution]:
    """Whether most genes touch none."""
    graph = about["graphs"][0]
    if graph == NO_MAP:
        return []
    of = f"genes.{name}.{graph}"
    tied, every = len(tables.rows(of, in_contact=1)), len(tables.read(of))
    if tied >= FEW_IN_CONTACT * every:
        return []
    what = Markup("Only {} of {} genes have a contact.").format(
        tables.count(of, in_contact=1), tables.count(of)
    )
    return [Caution(what, Markup("A deeper map, or a larger <code>max_distance</code>."))]


def unplaced(tables: Tables, name: str) -> list[Caution]:
    report = f"resolution.{name}"
    number = int(tables.read(report)["symbol"].isna().sum())
    if not number:
        return []
    what = Markup("{} of {} genes have no place on the genome: they have no neighbours.").format(
        tables.count(report, symbol=None), tables.count(report)
    )
    return [Caution(what, Markup("Name them by hand: key <code>overrides</code>."))]
