# fits and forecasts by block of origins, where a time course is long enough for them

from functools import cache

from foldcast.errors import InputError
from foldcast.expression.sample_sheets import check_network_times
from foldcast.protocol import (
    FORECAST_PAST,
    LEAST_PAST,
    NETWORK_PAST,
    block_names,
    origin_remedy,
    past_times,
    reach,
)


@cache
def times_of(dataset):
    """How many times a dataset has."""
    return SAMPLES[dataset]["time"].nunique()


def past_of(dataset):
    """How many of them there are to learn from at the first origin."""
    n_times = times_of(dataset)
    try:
        return past_times(n_times, config["evaluation"]["first_origin"])
    except ValueError as error:
        refuse(
            InputError(
                config["datasets"][dataset]["samples"],
                place="column time",
                found=str(error),
                expected="times to learn from and times to forecast",
                remedy=origin_remedy(n_times, LEAST_PAST),
            )
        )


def is_scored(dataset):
    """Whether there is a time that is forecast from those before it."""
    return past_of(dataset) < times_of(dataset)


def has_network(dataset):
    """Whether the first origin leaves a network enough to learn from."""
    return is_scored(dataset) and past_of(dataset) >= NETWORK_PAST


def scored_datasets():
    return [dataset for dataset in config["datasets"] if is_scored(dataset)]


def network_graphs():
    """Every (dataset, graph) that a network is fitted on."""
    return [names for names in dataset_graphs() if has_network(names[0])]


def blocks_of(dataset):
    """Names of the blocks of origins; a model is fitted once at the start of each."""
    protocol = config["evaluation"]
    of = times_of(dataset), protocol["first_origin"], protocol["refit_every"]
    return block_names(*of) if has_network(dataset) else []


def step_outputs(dataset, graph, file):
    """A file of every block; none where no network is fitted."""
    model = config["datasets"][dataset]["model"]
    return [
        f"{RESULTS}/step/{dataset}/{graph}/{model}/{block}/{file}"
        for block in blocks_of(dataset)
    ]


def horizons_of(dataset):
    """How many steps ahead a dataset's forecasts are scored."""
    past_of(dataset)  # refuses a first origin that leaves no time
    protocol = config["evaluation"]
    return reach(times_of(dataset), protocol["first_origin"], protocol["horizons"])


def fit_options(wildcards):
    """A model's options, but for what is asked of the future: no fit depends on it."""
    options = config["step"][wildcards.model]
    return {key: value for key, value in options.items() if key != "future"}


def window_of(dataset):
    """Times that go into a forecast of the dataset's model."""
    return config["step"][config["datasets"][dataset]["model"]]["window"]


def published_scores(*_):
    """What is reached in the published score's space, for every dataset on every graph."""
    return [
        f"{RESULTS}/step/{dataset}/{graph}/published_score.tsv"
        for dataset, graph in dataset_graphs()
    ]


def forecast_of(dataset):
    """Graph and model of the forecast that a dataset gets; a baseline is on graph "-"."""
    about = config["datasets"][dataset]
    model = about["forecast"]
    if model not in config["step"]:
        return "-", model
    if not has_network(dataset):
        origin = config["evaluation"]["first_origin"]
        sheet = about["samples"] or about["interactions"]["path"]
        try:
            check_network_times(SAMPLES[dataset], origin, sheet)
        except InputError as error:
            refuse(error)
    return page_graphs(dataset)[0], model


def forecast_files(wildcards):
    """Tables with the one-step forecasts of a model on a graph, or of a baseline."""
    dataset, graph = wildcards.dataset, wildcards.graph
    if graph == "-":
        return [f"{RESULTS}/evaluation/{dataset}/baselines.tsv"]
    return step_outputs(dataset, graph, "forecasts.tsv")


def future_path(dataset, graph, model, file):
    """A table of what is forecast beyond the data, by a model on a graph or by a baseline."""
    if graph == "-":
        return f"{RESULTS}/evaluation/{dataset}/{model}/{file}"
    return f"{RESULTS}/step/{dataset}/{graph}/{model}/{file}"


def future_file(file):
    return lambda w: future_path(w.dataset, w.graph, w.model, file)


def future_asked(dataset):
    """What is asked of the future: how many times, how far apart, with which intervals."""
    return config["step"][config["datasets"][dataset]["model"]]["future"]


def step_files(file):
    return lambda wildcards: step_outputs(wildcards.dataset, wildcards.graph, file)


def forecasts_future(dataset, graph):
    """Whether the future is forecast: not on a rewired graph, which is there for comparison."""
    if not future_asked(dataset)["steps"] or times_of(dataset) < FORECAST_PAST:
        return False
    return graph == "-" or not config["graphs"][graph]["rewire"]
