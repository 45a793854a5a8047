"""Which of a library of models each gene follows, learnt from all genes of a panel at once.

A model says how a gene's values vary up to its scale. The scale² of a gene is integrated out
under an inverse-gamma prior, which is fitted to the panel by the moments of log variances (Smyth,
Statistical Applications in Genetics and Molecular Biology 3, 2004: limma). How common each model
is comes from EM over genes.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln, polygamma

LEAST_EXCESS = 1e-3  # variance of log variances beyond that of chance
MOST_PRIOR_DOF = 2000.0
PRIOR_DOF_OF_ONE = 4.0  # a panel of one gene has no prior to learn
ROUNDS = 30


@dataclass(frozen=True)
class Posterior:
    """What the past says about genes: weights, scale² [models, genes], degrees of freedom.

    ``dof`` is [models, genes], or [models, 1] where all genes have as many values.
    """

    weights: np.ndarray
    scale: np.ndarray
    dof: np.ndarray


def posterior(squares: np.ndarray, dof: np.ndarray, log_determinant: np.ndarray) -> Posterior:
    """Weights of models and scales of genes.

    A gene without degrees of freedom follows the panel. A panel of one gene keeps even prior
    weights, and its own variance stands for the prior's.

    Args:
        squares: [models, genes] sums of squared standardised innovations.
        dof: [genes] their number.
        log_determinant: [models, genes] or [models, 1] logarithms of their variances, summed.
    """
    if np.ptp(dof) == 0:
        dof = dof[:1]
    prior_dof, prior_scale = scale_prior(squares, dof)
    total = prior_dof[:, None] + dof
    sums = (prior_dof * prior_scale)[:, None] + squares
    log_likelihood = (
        gammaln(total / 2)
        + (prior_dof / 2 * np.log(prior_dof * prior_scale) - gammaln(prior_dof / 2))[:, None]
        - log_determinant / 2
        - total / 2 * np.log(sums)
    )
    log_likelihood -= log_likelihood.max(axis=0)
    likelihood = np.exp(log_likelihood, out=log_likelihood)
    share = np.full(len(squares), 1 / len(squares))
    if squares.shape[1] > 1:
        for _ in range(ROUNDS):
            share *= likelihood @ (1 / (share @ likelihood)) / squares.shape[1]
    weights = likelihood
    weights *= share[:, None]
    weights /= weights.sum(axis=0)
    return Posterior(weights, sums / total, total)


def scale_prior(squares: np.ndarray, dof: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Degrees of freedom and scale² of the prior of each model, both [models].

    Args:
        squares: [models, genes] sums of squares.
        dof: [genes] or [1] their degrees of freedom.
    """
    known = np.broadcast_to(dof > 0, squares.shape[1:])
    if not known.any():
        return np.full(len(squares), PRIOR_DOF_OF_ONE), np.ones(len(squares))
    if not known.all():
        squares, dof = squares[:, known], np.broadcast_to(dof, known.shape)[known]
    variance = squares / dof
    if squares.shape[1] == 1:
        return np.full(len(squares), PRIOR_DOF_OF_ONE), np.maximum(variance[:, 0], _TINY)
    # A gene that never changed has no logarithm: it counts as next to constant.
    np.maximum(variance, _LEAST_SHARE * variance.mean(axis=1, keepdims=True) + _TINY, out=variance)
    log_variance = np.log(variance, out=variance) - digamma(dof / 2) + np.log(dof / 2)
    chance = polygamma(1, dof / 2).mean()
    excess = np.maximum(log_variance.var(axis=1, ddof=1) - chance, LEAST_EXCESS)
    prior_dof = np.minimum(2 * trigamma_inverse(excess), MOST_PRIOR_DOF)
    log_scale = log_variance.mean(axis=1) + digamma(prior_dof / 2) - np.log(prior_dof / 2)
    return prior_dof, np.exp(log_scale)


_TINY = 1e-200
_LEAST_SHARE = 1e-12


def trigamma_inverse(value: np.ndarray) -> np.ndarray:
    """x where trigamma(x) is ``value`` (> 0), by Newton's method on its reciprocal (Smyth 2004)."""
    x = 0.5 + 1 / value
    for _ in range(50):
        trigamma = polygamma(1, x)
        step = trigamma * (1 - trigamma / value) / polygamma(2, x)
        x = x + step
        if np.max(-step / x) < 1e-10:
            break
    return x
