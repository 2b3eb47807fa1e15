# SPDX-License-Identifier: GPL-3.0-or-later
"""MODEL_CARD.md, written from the measured numbers so that the two never disagree."""

import textwrap

from training.sample_files import LABELS

LICENSE = "CC0-1.0"

_TEXT = """\
# Digits: a small printed-digit classifier

Written by `train.py`; do not edit by hand.

**What.** `digits.onnx` reads one printed digit from a grey 28 x 28 picture, white on black.
Input `image` [N, 1, 28, 28] float 0..1; output `probabilities` [N, 10]; classes in `labels.txt`.
{parameters:,} parameters, ONNX opset {opset}. It is a sample to look at, run and time, not a product.

**How it was made.** `train.py` draws every digit itself with fonts of Debian packages, then shifts,
turns, shears, scales, bends, thickens or thins, blurs, dims and adds noise. The network (three blocks
of 3 x 3 convolution, batch normalisation, ReLU and max pooling, then two fully connected layers) is
trained in numpy with Adam: {steps:,} batches of {batch}, seed {seed}, about seven minutes on one CPU
core. No data set and no other model is involved. Running it again gives the same files up to rounding
of the linear algebra library.

**Split.** By font family, clones of one design on one side; at most six faces of a family (hairline
and outline faces left out). The unseen families were set aside before training and chose nothing:
settings were chosen on eight of the training families.

| | accuracy on unseen families | pictures |
|---|---|---|
| distorted as in training | **{distorted:.2%}** | {distorted_count:,} |
| as drawn | {clean:.2%} | {clean_count:,} |
| training families, distorted | {seen:.2%} | {seen_count:,} |

Distorted, unseen: worst digit {worst_digit} ({worst_digit_share:.2%}); worst family {worst_family}
({worst_family_share:.2%}); most frequent mistakes (drawn as, read as): {confusions}.

| {digits} |
|{rule}|
| {shares} |

**Limits.** One centred digit, upright within about 15 degrees, filling most of the picture. Dark
digits on a light ground must be inverted first. Handwriting, several digits, letters and anything
else are out of scope: the answer is always one of ten digits, sometimes with high confidence.

**Test data.** `images/`: {pictures} pictures of unseen families, 56 x 56. `test_data_set_0/`: the same
pictures, each 2 x 2 block averaged, then {blends} blends of two digits (undecided on purpose, so that a
small error shows), and the probabilities that the numpy forward pass gives for them.

**Licence.** Model, pictures, labels and test data: CC0 1.0 (public domain dedication); no font is
included, and glyph pictures carry no font data. The scripts: GPL-3.0-or-later.

**Families trained on** ({training_faces} faces):
{training}

**Families unseen** ({unseen_faces} faces):
{unseen}
"""


def names(families):
    """A list of families as wrapped text."""
    return textwrap.fill(", ".join(sorted(families)) + ".", 104, break_on_hyphens=False)


def _mistakes(accuracy):
    return ", ".join(f"{drawn} as {read} ({count})" for (drawn, read), count in accuracy.confusions[:4])


def write(folder, unseen, seen, facts):
    """unseen, seen: evaluation.Accuracy; facts: the remaining values of the text by name."""
    worst_digit = min(range(10), key=lambda digit: unseen.per_digit[digit])
    worst_family = min(unseen.per_family, key=unseen.per_family.get)
    text = _TEXT.format(
        distorted=unseen.distorted, distorted_count=unseen.distorted_count,
        clean=unseen.clean, clean_count=unseen.clean_count,
        seen=seen.distorted, seen_count=seen.distorted_count,
        worst_digit=worst_digit, worst_digit_share=unseen.per_digit[worst_digit],
        worst_family=worst_family, worst_family_share=unseen.per_family[worst_family],
        confusions=_mistakes(unseen), digits=" | ".join(LABELS), rule="---|" * 9 + "---",
        shares=" | ".join(f"{share:.1%}" for share in unseen.per_digit), **facts)
    (folder / "MODEL_CARD.md").write_text(text)
