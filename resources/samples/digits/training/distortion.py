# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns clean glyphs into the pictures the network sees: moved, bent, blurred and noisy."""

import numpy as np

SIDE = 28  # pixels, side of the network's input
FINE = 2 * SIDE  # pictures are sampled at twice that and averaged, which avoids jagged edges


def _spline_basis(points, knots):
    """[points, knots] weights of a smooth curve through `knots` values (cosine interpolation)."""
    position = np.linspace(0, knots - 1, points)
    distance = np.clip(np.abs(position[:, None] - np.arange(knots)), 0, 1)
    return (0.5 + 0.5 * np.cos(np.pi * distance)).astype(np.float32)


_BASIS = _spline_basis(FINE, 5)
_AXIS = (np.arange(FINE, dtype=np.float32) - (FINE - 1) / 2) / 2  # in input pixels, 0 = centre


def sampling_grid(rng, count, strength=1.0):
    """Where each fine pixel looks in the glyph: two [count, FINE, FINE] arrays, input pixels from
    the centre. strength 0 gives the undistorted, centred digit."""
    def spread(limit):
        return (strength * rng.uniform(-limit, limit, (count, 1, 1))).astype(np.float32)

    angle = spread(np.deg2rad(15))
    shear = spread(0.3)
    zoom_x, zoom_y = np.exp(spread(0.22)), np.exp(spread(0.18))
    x = _AXIS[None, None, :] - spread(3.0)
    y = _AXIS[None, :, None] - spread(3.0)
    turned_x = (np.cos(angle) * x + np.sin(angle) * y) / zoom_x
    turned_y = (np.cos(angle) * y - np.sin(angle) * x) / zoom_y
    knots = strength * rng.normal(0, 0.6, (2, count, 5, 5)).astype(np.float32)
    bend_x, bend_y = _BASIS @ knots @ _BASIS.T
    return turned_x + shear * turned_y + bend_x, turned_y + bend_y


def sample(glyphs, grid_x, grid_y):
    """Bilinear look-up. glyphs: [count, side, side] uint8; returns [count, FINE, FINE] in 0..1."""
    count, side, _ = glyphs.shape
    scale = side / 31.0  # the 44-pixel glyph box becomes about 20 input pixels high
    x = np.clip(grid_x * scale + (side - 1) / 2, 0, side - 1.001)
    y = np.clip(grid_y * scale + (side - 1) / 2, 0, side - 1.001)
    left, top = x.astype(np.int32), y.astype(np.int32)
    x -= left
    y -= top
    base = (np.arange(count, dtype=np.int32) * side * side)[:, None, None] + top * side + left
    flat = glyphs.reshape(-1)
    upper = flat[base] * (1 - x) + flat[base + 1] * x
    lower = flat[base + side] * (1 - x) + flat[base + side + 1] * x
    return (upper * (1 - y) + lower * y) / np.float32(255)


def halve(fine):
    """[count, 2 * SIDE, 2 * SIDE] -> [count, SIDE, SIDE], each pixel the mean of four."""
    count = len(fine)
    return fine.reshape(count, SIDE, 2, SIDE, 2).mean(axis=(2, 4))


def _blurred(images):
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    rows = (padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4
    return (rows[:, :, :-2] + 2 * rows[:, :, 1:-1] + rows[:, :, 2:]) / 4


def degrade(rng, images):
    """Blur, weaker contrast, grey background and noise. images: [count, SIDE, SIDE] in 0..1."""
    def uniform(low, high):
        return rng.uniform(low, high, (len(images), 1, 1)).astype(np.float32)

    blur = uniform(0, 1)
    images = images * (1 - blur) + _blurred(images) * blur
    dark, bright = uniform(0, 0.15), uniform(0.6, 1)
    noise = rng.normal(0, 1, images.shape).astype(np.float32) * uniform(0, 0.1)
    return np.clip(dark + images * (bright - dark) + noise, 0, 1).astype(np.float32)


def random_batch(rng, glyphs, count):
    """(images [count, 1, SIDE, SIDE] float 0..1, labels [count]); families are equally likely."""
    families = glyphs.family_of.max() + 1
    starts = np.searchsorted(glyphs.family_of, np.arange(families + 1))
    family = rng.integers(0, families, count)
    face = rng.integers(starts[family], starts[family + 1])
    labels = rng.integers(0, 10, count)
    weight = rng.integers(0, glyphs.pictures.shape[2], count)
    images = distorted(rng, glyphs.pictures[face, labels, weight])
    return images, labels


def distorted(rng, pictures):
    """pictures: [count, side, side] uint8; returns [count, 1, SIDE, SIDE] float 0..1."""
    fine = sample(pictures, *sampling_grid(rng, len(pictures)))
    return degrade(rng, halve(fine))[:, None]


def clean(pictures):
    """The same without any distortion."""
    rng = np.random.default_rng(0)
    fine = sample(pictures, *sampling_grid(rng, len(pictures), strength=0))
    return halve(fine)[:, None].astype(np.float32)
