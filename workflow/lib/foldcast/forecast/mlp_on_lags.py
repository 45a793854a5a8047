"""A small neural network without a graph: what a network forecasts from a gene's own past alone.

A multilayer perceptron (scikit-learn's) tells the next change from the last values less the gene's
mean so far, one set of weights for all genes. It is fitted anew at every origin, from where it was
at the origin before. The recipe is fixed in advance.
"""

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPRegressor

from foldcast.forecast.baselines import LAGS, running_mean

NAME = "mlp_on_lags"
HIDDEN = 16
STEPS = 30  # of L-BFGS at each origin
MOST = 20_000  # windows that a fit sees; of more, as many genes as there is room for
SEED = 1


def mlp_on_lags(time_course: np.ndarray) -> np.ndarray:
    """The last value and a change told from the last values by a network alike for all genes.

    Args:
        time_course: [genes, times] log2 expression, without gaps.

    Returns:
        [genes, times]: entry (g, k) forecasts time k + 1 from times ≤ k; persistence while there
        are no past changes with enough values before them, and where nothing has changed yet.
    """
    return mlp_iterated(time_course, 1)[0]


def mlp_iterated(time_course: np.ndarray, horizons: int) -> np.ndarray:
    """The same up to several steps ahead: [horizons, genes, times], 1 first.

    What the network of an origin forecasts for a time is taken as the value when it forecasts the
    next; it does not learn from that.
    """
    forecasts = np.repeat(time_course[None], horizons, axis=0)
    n_genes, n_times = time_course.shape
    order = np.random.default_rng(SEED).permutation(n_genes)
    network = MLPRegressor(
        hidden_layer_sizes=(HIDDEN,),
        activation="tanh",
        solver="lbfgs",
        max_iter=STEPS,
        warm_start=True,
        random_state=SEED,
    )
    means = running_mean(time_course)
    for origin in range(LAGS, n_times):
        unit = float(np.sqrt(np.mean(np.diff(time_course[:, : origin + 1]) ** 2)))
        if unit == 0:
            continue
        past = range(LAGS - 1, origin)
        genes = np.sort(order[: max(1, MOST // len(past))])
        windows = np.concatenate([_lags(time_course, means, at)[genes] for at in past])
        changes = np.concatenate([np.diff(time_course[genes, at : at + 2])[:, 0] for at in past])
        # The penalty counts as one more time; scikit-learn divides it by the number of windows.
        network.set_params(alpha=float(len(genes)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            network.fit(windows / unit, changes / unit)
        values = time_course[:, : origin + 1]
        for forecast in forecasts:
            at = values.shape[1] - 1
            told = network.predict(_lags(values, running_mean(values), at) / unit)
            forecast[:, origin] = values[:, at] + unit * told
            values = np.concatenate([values, forecast[:, origin, None]], axis=1)
    return forecasts


def _lags(time_course: np.ndarray, means: np.ndarray, at: int) -> np.ndarray:
    """The last values at a time, less the gene's mean so far: [genes, LAGS]."""
    return time_course[:, at - LAGS + 1 : at + 1] - means[:, at, None]
