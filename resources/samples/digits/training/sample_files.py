# SPDX-License-Identifier: GPL-3.0-or-later
"""What lies beside the model: labels, sample pictures, and inputs with the outputs expected."""

import numpy as np
from onnx import numpy_helper
from PIL import Image

from training import distortion

LABELS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]

# Sample pictures: (digit, unseen family)
PICTURES = [(0, "Cantarell"), (1, "PT Serif"), (2, "Dancing Script"), (3, "Gillius ADF"),
            (3, "URW Bookman"), (4, "Lato"), (5, "Charis SIL"), (6, "Play"), (7, "Comic Neue"),
            (7, "PT Mono"), (8, "Fira Code"), (9, "Dosis")]

# Pairs laid over each other for the test data only: answers far from 0 and 1 show small errors.
BLENDS = [(3, 8), (1, 7), (4, 9), (5, 6)]
BLEND_FAMILY = "Lato"


def write_labels(folder):
    (folder / "labels.txt").write_text("".join(label + "\n" for label in LABELS))


def write_pictures(folder, glyphs, seed):
    """Writes images/<digit>_<family>.png, 56 x 56 grey, lightly distorted.

    Returns them as the network takes them, [N, 1, 28, 28] float 0..1: the mean of each 2 x 2 block.
    """
    rng = np.random.default_rng(seed)
    (folder / "images").mkdir(exist_ok=True)
    taken = []
    for digit, family in PICTURES:
        face = _regular_face(glyphs, family)
        grid = distortion.sampling_grid(rng, 1, strength=0.5)
        fine = distortion.sample(glyphs.pictures[face, digit, 1][None], *grid)
        pixels = np.rint(fine * 255).astype(np.uint8)
        name = f"{digit}_{family.lower().replace(' ', '_')}.png"
        Image.fromarray(pixels[0]).save(folder / "images" / name, optimize=True)
        taken.append(distortion.halve(pixels / np.float32(255))[:, None])
    return np.concatenate(taken).astype(np.float32)


def blends(glyphs):
    """[len(BLENDS), 1, 28, 28] float 0..1: the mean of two digits each; no person could say which."""
    face = _regular_face(glyphs, BLEND_FAMILY)
    digits = distortion.clean(glyphs.pictures[face, :, 1])
    return np.stack([(digits[a] + digits[b]) / 2 for a, b in BLENDS])


def _regular_face(glyphs, family):
    """The regular face of a family, or the first one."""
    faces = [i for i, face in enumerate(glyphs.faces) if face[0] == family]
    regular = [i for i in faces if glyphs.faces[i][1] in ("Regular", "Book", "Roman")]
    return (regular or faces)[0]


def write_test_data(folder, images, probabilities):
    """test_data_set_0 as the ONNX model zoo lays it out: one TensorProto per input and output."""
    target = folder / "test_data_set_0"
    target.mkdir(exist_ok=True)
    for file, name, array in (("input_0.pb", "image", images),
                              ("output_0.pb", "probabilities", probabilities)):
        tensor = numpy_helper.from_array(array.astype(np.float32), name)
        (target / file).write_bytes(tensor.SerializeToString())
