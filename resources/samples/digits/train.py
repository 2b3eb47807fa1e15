#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sample model in this folder from nothing but fonts: about seven minutes on one core.

Needs python3-numpy, python3-pil, python3-onnx, fontconfig and the font packages that the script
names when they are missing; libopenblas0-serial makes the matrix products much faster.
"""

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.dont_write_bytecode = True

import numpy as np
import onnx

from training import distortion, evaluation, fonts, model_card, onnx_file, sample_files
from training.network import Adam, Network

FOLDER = Path(__file__).resolve().parent
SEED = 20
STEPS = 4000
BATCH = 128
RATE = 2e-3  # at the start; falls to nothing along a cosine


def train(glyphs):
    rng = np.random.default_rng(SEED)
    network = Network(rng)
    optimiser = Adam(network)
    started, loss = time.monotonic(), 0.0
    for step in range(STEPS):
        loss += network.learn(*distortion.random_batch(rng, glyphs, BATCH)) / 500
        optimiser.step(RATE * 0.5 * (1 + np.cos(np.pi * step / STEPS)))
        if step % 500 == 499:
            print(f"step {step + 1}: loss {loss:.4f}, {time.monotonic() - started:.0f} s", flush=True)
            loss = 0.0
    return network


def metadata(accuracy):
    return {
        "author": "The Lapidary authors",
        "license": model_card.LICENSE,
        "description": "Printed digits 0 to 9; see MODEL_CARD.md",
        "labels": "labels.txt",
        "accuracy": f"{accuracy.distorted:.4f} on distorted digits of unseen font families",
        "training_data": "digits drawn by train.py with Debian's fonts",
        "seed": str(SEED),
        "Image.BitmapPixelFormat": "Gray8",
        "Image.ColorSpaceGamma": "SRGB",
        "Image.NominalPixelRange": "Normalized_0_1",
    }


def main():
    seen, unseen = fonts.draw(fonts.TRAINING), fonts.draw(fonts.UNSEEN)
    network = train(seen)
    accuracy = evaluation.measure(network, unseen, SEED + 1)
    on_seen = evaluation.measure(network, seen, SEED + 2)

    model = onnx_file.build(network, metadata(accuracy))
    onnx.save(model, str(FOLDER / "digits.onnx"))
    sample_files.write_labels(FOLDER)
    images = sample_files.write_pictures(FOLDER, unseen, SEED + 3)
    inputs = np.concatenate([images, sample_files.blends(unseen)])
    sample_files.write_test_data(FOLDER, inputs, network.probabilities(inputs))
    model_card.write(FOLDER, accuracy, on_seen, {
        "parameters": network.parameter_count(), "opset": onnx_file.OPSET, "steps": STEPS,
        "batch": BATCH, "seed": SEED, "pictures": len(images),
        "blends": len(inputs) - len(images),
        "training": model_card.names(fonts.TRAINING), "training_faces": len(seen.faces),
        "unseen": model_card.names(fonts.UNSEEN), "unseen_faces": len(unseen.faces)})
    print(f"unseen families: {accuracy.distorted:.2%} distorted, {accuracy.clean:.2%} as drawn")


if __name__ == "__main__":
    main()
