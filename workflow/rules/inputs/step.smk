# fits and forecasts by block of origins

from foldcast.errors import InputError
from foldcast.protocol import LEAST_PAST, block_names, origin_remedy


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


def step_files(file):
    return lambda wildcards: step_outputs(wildcards.dataset, wildcards.graph, file)


def forecasts_future(dataset, graph):
    """Whether the future is forecast: not on a rewired graph, which is there for comparison."""
    model = config["datasets"][dataset]["model"]
    return (
        config["step"][model]["future"]["steps"]
        and not config["graphs"][graph]["rewire"]
    )
