# SPDX-License-Identifier: GPL-3.0-or-later
"""How often the network is right on families it has never seen."""

from collections import namedtuple

import numpy as np

from training import distortion

REPEATS = 30  # distorted pictures per face and digit

# distorted, clean: share right, 0..1; count: pictures in each; per_digit: [10] shares (distorted);
# per_family: {name: share} (distorted); confusions: [((drawn, read), count)], most frequent first
Accuracy = namedtuple(
    "Accuracy", "distorted distorted_count clean clean_count per_digit per_family confusions")


def _read(network, images):
    parts = np.array_split(images, max(1, len(images) // 1000))
    return np.concatenate([network.probabilities(part).argmax(1) for part in parts])


def measure(network, glyphs, seed):
    """All faces and all digits of `glyphs`, as drawn and with REPEATS random distortions each."""
    rng = np.random.default_rng(seed)
    faces, digits, weights = glyphs.pictures.shape[:3]
    face, digit = (index.ravel() for index in np.indices((faces, digits)))
    clean_right = _read(network, distortion.clean(glyphs.pictures[face, digit, 1])) == digit

    face, digit = np.repeat(face, REPEATS), np.repeat(digit, REPEATS)
    weight = rng.integers(0, weights, len(face))
    read = np.concatenate([
        _read(network, distortion.distorted(rng, glyphs.pictures[face[part], digit[part], weight[part]]))
        for part in np.array_split(np.arange(len(face)), len(face) // 1000)])
    right = read == digit
    pairs, counts = np.unique(np.stack([digit, read], 1)[~right], axis=0, return_counts=True)
    family = np.array([glyphs.faces[index][0] for index in face])
    return Accuracy(
        right.mean(), len(right), clean_right.mean(), len(clean_right),
        [right[digit == d].mean() for d in range(10)],
        {name: right[family == name].mean() for name in sorted(set(family))},
        [((int(pairs[i][0]), int(pairs[i][1])), int(counts[i])) for i in np.argsort(-counts)])
