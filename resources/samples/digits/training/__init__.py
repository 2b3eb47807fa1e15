# SPDX-License-Identifier: GPL-3.0-or-later
"""The pieces train.py is made of: fonts -> distortion -> network -> onnx_file, sample_files."""
