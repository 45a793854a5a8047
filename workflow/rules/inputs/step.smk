# fits and forecasts by block of origins

from foldcast.errors import InputError
from foldcast.protocol import LEAST_PAST, block_names, origin_remedy, reach


def blocks_of(dataset):
    """Names of the blocks of origins; a model is fitted once at the start of each."""
    protocol = config["evaluation"]
    n_times = SAMPLES[dataset]["time"].nunique()
    try:
        return block_names(n_times, protocol["first_origin"], protocol["refit_every"])
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


def step_outputs(dataset, graph, file):
    model = config["datasets"][dataset]["model"]
    return [
        f"{RESULTS}/step/{dataset}/{graph}/{model}/{block}/{file}"
        for block in blocks_of(dataset)
    ]


def horizons_of(dataset):
    """How many steps ahead a dataset's forecasts are scored."""
    blocks_of(dataset)  # refuses a time course that is too short
    protocol, n_times = config["evaluation"], SAMPLES[dataset]["time"].nunique()
    return reach(n_times, protocol["first_origin"], protocol["horizons"])


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
    model = config["datasets"][dataset]["forecast"]
    if model not in config["step"]:
        return "-", model
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
    if not future_asked(dataset)["steps"]:
        return False
    return graph == "-" or not config["graphs"][graph]["rewire"]
