"""Numbers of drift from numpy and scikit-learn, for the tests beside. Usage: /usr/bin/python3 make_golden.py DATE"""
import hashlib
import json
import pathlib
import platform
import sys

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import NearestNeighbors

rng = np.random.default_rng(20261122)
FOLDS = 4


def blocks(n):
    return [np.arange(k * n // FOLDS, (k + 1) * n // FOLDS) for k in range(FOLDS)]


def smooth(n, d, persistence, shift=0.0, scale=1.0):
    x = np.empty((n, d))
    x[0] = rng.standard_normal(d)
    for i in range(1, n):
        x[i] = persistence * x[i - 1] + np.sqrt(1 - persistence**2) * rng.standard_normal(d)
    return np.round(x * scale + shift, 6)


def stability(reference, values):
    edges = np.quantile(reference, np.arange(1, 10) / 10)
    q = np.bincount(np.digitize(reference, edges), minlength=10)
    p = np.bincount(np.digitize(values, edges), minlength=10)
    a, b = np.maximum(q, 0.5) / len(reference), np.maximum(p, 0.5) / len(values)
    return {"reference": reference.tolist(), "values": values.tolist(), "edges": edges.tolist(), "counts": p.tolist(), "index": float(np.sum((b - a) * np.log(b / a)))}


def a_distance(first, second):
    wrong = [0, 0]
    for one, two in zip(blocks(len(first)), blocks(len(second))):
        x = np.vstack([np.delete(first, one, 0), np.delete(second, two, 0)])
        y = np.r_[np.zeros(len(first) - len(one)), np.ones(len(second) - len(two))]
        fit = LogisticRegression(C=1.0, solver="lbfgs", tol=1e-12, max_iter=100_000).fit(x, y)
        wrong[0] += int(np.sum(fit.predict(first[one]) == 1))
        wrong[1] += int(np.sum(fit.predict(second[two]) == 0))
    error = (wrong[0] / len(first) + wrong[1] / len(second)) / 2
    return {"features": first.shape[1], "first": first.ravel().tolist(), "second": second.ravel().tolist(), "distance": max(0.0, 2 * (1 - 2 * error))}


def dissimilarity(train, rows):
    distances = pairwise_distances(train)
    mean = distances[np.triu_indices(len(train), 1)].mean()
    index = np.empty(len(train))
    for block in blocks(len(train)):
        others = np.delete(train, block, 0)
        index[block] = NearestNeighbors(n_neighbors=1).fit(others).kneighbors(train[block])[0][:, 0] / mean
    low, high = np.quantile(index, [0.25, 0.75])
    threshold = index[index <= high + 1.5 * (high - low)].max()
    di = NearestNeighbors(n_neighbors=1).fit(train).kneighbors(rows)[0][:, 0] / mean
    return {"features": train.shape[1], "train": train.ravel().tolist(), "rows": rows.ravel().tolist(), "mean": float(mean), "threshold": float(threshold),
            "index": di.tolist(), "outside": float(np.mean(di > threshold))}


golden = {
    "stability": [
        stability(smooth(403, 1, 0.0).ravel(), smooth(97, 1, 0.0).ravel()),
        stability(smooth(403, 1, 0.0).ravel(), smooth(97, 1, 0.0, 0.7).ravel()),
        stability(np.round(rng.integers(0, 6, 200) / 2.0, 1), np.round(rng.integers(3, 9, 60) / 2.0, 1)),
    ],
    "aDistance": [
        a_distance(smooth(83, 4, 0.5), smooth(61, 4, 0.5)),
        a_distance(smooth(83, 4, 0.5), smooth(61, 4, 0.5, 0.6)),
        a_distance(smooth(40, 3, 0.9), smooth(40, 3, 0.9, 2.5)),
    ],
    "dissimilarity": [
        dissimilarity(smooth(91, 3, 0.8), smooth(30, 3, 0.8)),
        dissimilarity(smooth(91, 3, 0.8), smooth(30, 3, 0.8, 1.0, 2.0)),
    ],
}
here = pathlib.Path(__file__).parent
text = json.dumps(golden).encode()
(here / "drift.json").write_bytes(text)
(here / "metadata.json").write_text(json.dumps({
    "source": f"numpy {np.__version__} and scikit-learn {sklearn.__version__} on Python {platform.python_version()} (Debian), written by make_golden.py beside this file",
    "licence": "the numbers are this project's own; numpy and scikit-learn are under BSD-3-Clause",
    "date": sys.argv[1],
    "command": f"/usr/bin/python3 make_golden.py {sys.argv[1]}",
    "files": [{"name": "drift.json", "sha256": hashlib.sha256(text).hexdigest()}],
}, indent=2) + "\n")
