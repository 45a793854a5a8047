"""What the keys of a dataset say together, and what stands where they say `auto`."""

from collections.abc import Mapping

from foldcast.errors import InputError, known_name
from foldcast.expression.scaling_methods import MEDIAN_OF_RATIOS, method_of
from foldcast.forecast.forecast_names import STACK_WITH
from foldcast.report.page.wording import NAMES


def settle_dataset(name: str, dataset: dict, graphs: dict, source: str) -> None:
    """Check a dataset's keys against each other; fills in what is `auto`.

    Args:
        graphs: of the config, by name.

    Raises:
        InputError: no table or two, no sample sheet, logarithms that are to be divided; a
            forecaster that is none or has another's name.
    """
    place = f"datasets.{name}"
    one_of(dataset, ("expression", "interactions"), source, place)
    local = dataset["interactions"] and dataset["interactions"]["path"]
    if not dataset["samples"] and not local:
        raise InputError(
            source,
            place=f"{place}.samples",
            found="no sample sheet",
            expected="a sheet; only a local table of interactions can do without",
            remedy="give `samples: FILE`",
        )
    dataset["normalise"] = method_of(dataset["normalise"], dataset["values"])
    if dataset["detection"]["keep"] == "auto":
        # A table of interactions names genes that must then be there.
        named = dataset["interactions"] or any(graphs[g]["interactions"] for g in dataset["graphs"])
        keep = "detected" if dataset["values"] == "counts" and not named else "all"
        # A new section: an anchor may have given the same one to several datasets.
        dataset["detection"] = dataset["detection"] | {"keep": keep}
    if dataset["normalise"] == MEDIAN_OF_RATIOS and dataset["values"] == "log2":
        raise InputError(
            source,
            place=f"{place}.normalise",
            found=f"{MEDIAN_OF_RATIOS}, of logarithms",
            expected="counts to divide",
            remedy="say `normalise: median` (or `none`), or bring the counts (`values: counts`)",
        )
    if dataset["arm"] and dataset["interactions"]:
        raise InputError(
            source,
            place=f"{place}.arm",
            found="arms of a table of interactions",
            expected="an expression table",
            remedy="leave `arm` out, or bring the table as `expression`",
        )
    for own, forecaster in dataset["forecasters"].items():
        _check_forecaster(own, forecaster, dataset["forecasters"], source, f"{place}.forecasters")


def settle_arms(datasets: Mapping[str, dict], source: str) -> None:
    """Check which datasets are held against which.

    Raises:
        InputError: a dataset that is not there, the dataset itself, one of other nodes.
    """
    for name, dataset in datasets.items():
        other = dataset["against"]
        if other is None:
            continue
        place = f"datasets.{name}.against"
        known_name([other], [one for one in datasets if one != name], source, place)
        if datasets[other]["nodes"] != dataset["nodes"]:
            raise InputError(
                source,
                place=place,
                found=f"{other}, whose nodes are of kind {datasets[other]['nodes']}",
                expected=f"nodes of kind {dataset['nodes']}, as here",
                remedy="hold like against like",
            )


def forecaster_file(forecaster: Mapping[str, str | None]) -> str:
    """The file of a forecaster of the user's: its table, or where its function is."""
    return forecaster["table"] or str(forecaster["function"]).rpartition(":")[0]


def forecaster_function(forecaster: Mapping[str, str | None]) -> str | None:
    """The name of its function; None where it is a table."""
    return forecaster["function"] and forecaster["function"].rpartition(":")[2]


def _check_forecaster(
    name: str, forecaster: dict, others: Mapping[str, dict], source: str, place: str
) -> None:
    one_of(forecaster, ("function", "table"), source, f"{place}.{name}")
    columns = [f"{STACK_WITH}{other}" for other in (*others, "stepmr", "stepmi")]
    if name in NAMES or name in columns:
        raise InputError(
            source,
            place=f"{place}.{name}",
            found="a name that a forecast of foldcast has",
            expected="a name of its own",
            remedy=f"call it my_{name}",
        )


def one_of(part: dict, keys: tuple[str, ...], source: str, place: str) -> None:
    """Refuse a section that has none of these keys, or several.

    Raises:
        InputError: naming them.
    """
    given = [key for key in keys if part[key]]
    if len(given) != 1:
        raise InputError(
            source,
            place=place,
            found=" and ".join(given) or f"none of {', '.join(keys)}",
            expected=f"one of {', '.join(keys)}",
            remedy="leave one of them" if given else f"give `{keys[0]}`",
        )
