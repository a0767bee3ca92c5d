"""Slow, obvious float64 versions of the comparison's measures: one loop an idea, n × n freely built."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


def squared_distances(vectors, metric="cosine"):
    """|a - b|² by differences; of the unit vectors under cosine."""
    x = np.asarray(vectors, np.float64)
    if metric == "cosine":
        x = x / np.sqrt((x**2).sum(axis=1, keepdims=True))
    return np.stack([((x - row) ** 2).sum(axis=1) for row in x])


def metric_distances(vectors, metric="cosine"):
    """1 - cosine, or the Euclidean distance."""
    squares = squared_distances(vectors, metric)
    return squares / 2 if metric == "cosine" else np.sqrt(squares)


def mean_distance(vectors, metric="cosine"):
    """Mean over pairs of the length |a - b|."""
    d = np.sqrt(squared_distances(vectors, metric))
    return d[~np.eye(len(d), dtype=bool)].mean()


def log_softmax_others(squares, sigma):
    """Rows of log p(j | i), -inf where j is i."""
    n = len(squares)
    out = np.full((n, n), -np.inf)
    for i, width in enumerate(np.broadcast_to(sigma, n)):
        others = np.arange(n) != i
        scores = -squares[i, others] / (2 * width**2)
        top = scores.max()
        out[i, others] = scores - top - np.log(np.exp(scores - top).sum())
    return out


@dataclass
class Oracle:
    log_p: np.ndarray
    log_q: np.ndarray
    codes: np.ndarray
    n_groups: int

    @classmethod
    def of(cls, teacher, student, codes, sigma_t, sigma_s, metrics=("cosine", "cosine")):
        codes = np.asarray(codes)
        log_p = log_softmax_others(squared_distances(teacher, metrics[0]), sigma_t)
        log_q = log_softmax_others(squared_distances(student, metrics[1]), sigma_s)
        return cls(log_p, log_q, codes, int(codes.max()) + 1)

    def terms(self):
        """p log(p/q) of each pair; 0 where p is 0."""
        p = np.exp(self.log_p)
        with np.errstate(invalid="ignore"):
            return np.where(p > 0, p * (self.log_p - self.log_q), 0.0)

    def per_group(self, terms):
        return np.stack([terms[:, self.codes == b].sum(axis=1) for b in range(self.n_groups)], axis=1)

    def kl(self):
        return self.terms().sum(axis=1)

    def contribution(self):
        return self.per_group(self.terms())

    def magnitude(self):
        """Σ |p log(p/q)|: what the tolerance of a float32 path is measured by."""
        return self.per_group(np.abs(self.terms()))

    def mass(self):
        return self.per_group(np.exp(self.log_p)), self.per_group(np.exp(self.log_q))

    def between(self):
        """P(b) log(P(b)/Q(b)), with masses summed as logarithms, so that far groups do not underflow."""
        log_mass_p, log_mass_q = self._log_mass(self.log_p), self._log_mass(self.log_q)
        mass = np.exp(log_mass_p)
        with np.errstate(invalid="ignore"):
            return np.where(mass > 0, mass * (log_mass_p - log_mass_q), 0.0)

    def _log_mass(self, logs):
        return np.stack(
            [np.logaddexp.reduce(logs[:, self.codes == b], axis=1) for b in range(self.n_groups)], axis=1
        )

    def within(self):
        """P(b) KL(p(.|b) ‖ q(.|b)), from the two conditional distributions themselves."""
        out = np.zeros((len(self.codes), self.n_groups))
        log_mass_p, log_mass_q = self._log_mass(self.log_p), self._log_mass(self.log_q)
        for i in range(len(self.codes)):
            for b in range(self.n_groups):
                inside = (self.codes == b) & (np.arange(len(self.codes)) != i)
                if inside.any():
                    log_p = self.log_p[i, inside] - log_mass_p[i, b]
                    log_q = self.log_q[i, inside] - log_mass_q[i, b]
                    terms = np.exp(log_p) * (log_p - log_q)
                    out[i, b] = np.exp(log_mass_p[i, b]) * np.where(np.exp(log_p) > 0, terms, 0.0).sum()
        return out

    def jensen_shannon(self):
        """½ KL(p‖m) + ½ KL(q‖m) of each group, m = (p + q)/2."""
        log_m = np.logaddexp(self.log_p, self.log_q) - np.log(2)
        terms = np.zeros_like(log_m)
        for logs in (self.log_p, self.log_q):
            with np.errstate(invalid="ignore"):
                terms += np.where(np.exp(logs) > 0, np.exp(logs) * (logs - log_m), 0.0)
        return self.per_group(terms / 2)

    def effective(self, logs):
        p = np.exp(logs)
        with np.errstate(invalid="ignore"):
            return np.exp(-np.where(p > 0, p * logs, 0.0).sum(axis=1))

    def table(self, per_anchor):
        """Mean over the anchors of each group: groups × groups."""
        return np.stack([per_anchor[self.codes == a].mean(axis=0) for a in range(self.n_groups)])


def effective_neighbors(vectors, sigma, metric="cosine"):
    """exp(entropy) of each row's softmax over all others, a row at a time."""
    x = np.asarray(vectors, np.float64)
    if metric == "cosine":
        x = x / np.sqrt((x**2).sum(axis=1, keepdims=True))
    out = []
    for i, width in enumerate(sigma):
        squares = np.delete(((x - x[i]) ** 2).sum(axis=1), i)
        scores = (squares.min() - squares) / (2 * width**2)
        p = np.exp(scores) / np.exp(scores).sum()
        out.append(np.exp(-(p[p > 0] * np.log(p[p > 0])).sum()))
    return np.array(out)


def perplexity_sigma(vectors, perplexity, k=None, metric="cosine"):
    """Per row: bisect 1/2σ² until the entropy over the k nearest, or over all, is log(perplexity)."""
    squares = squared_distances(vectors, metric)
    out = []
    for i, row in enumerate(squares):
        nearest = np.sort(np.delete(row, i))[:k]
        low, high = 0.0, np.inf
        beta = 1.0
        for _ in range(200):
            scores = -beta * (nearest - nearest[0])
            log_p = scores - np.log(np.exp(scores).sum())
            entropy = -(np.exp(log_p) * log_p).sum()
            if entropy > np.log(perplexity):
                low, beta = beta, beta * 2 if high == np.inf else (beta + high) / 2
            else:
                high, beta = beta, (low + beta) / 2
        out.append(1 / np.sqrt(2 * beta))
    return np.array(out)


def pairs_of(n):
    """All i < j."""
    return np.triu_indices(n, 1)


def auc(same, different):
    """Share of (same, different) pairs whose same-label distance is the smaller; ties count half."""
    same, different = np.asarray(same)[:, None], np.asarray(different)[None]
    return (same < different).mean() + (same == different).mean() / 2


def d_prime(same, different):
    """Difference of the means in units of the root mean variance."""
    return (np.mean(different) - np.mean(same)) / np.sqrt((np.var(same) + np.var(different)) / 2)


def wasserstein(a, b):
    """∫ |F_a - F_b| over the distances where either jumps."""
    places = np.sort(np.concatenate([a, b]))
    below_a = np.searchsorted(np.sort(a), places[:-1], side="right") / len(a)
    below_b = np.searchsorted(np.sort(b), places[:-1], side="right") / len(b)
    return float((np.abs(below_a - below_b) * np.diff(places)).sum())


def js_of_counts(a, b):
    """Jensen-Shannon divergence of two histograms, in nats."""
    p, q = np.asarray(a) / np.sum(a), np.asarray(b) / np.sum(b)
    total = 0.0
    for x, y in zip(p, q, strict=True):
        m = (x + y) / 2
        total += (x * np.log(x / m) / 2 if x else 0.0) + (y * np.log(y / m) / 2 if y else 0.0)
    return total
