# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the trained network as an ONNX model (opset 13), and checks it with ONNX's own checker."""

import onnx
from onnx import TensorProto, helper, numpy_helper, shape_inference

from training.distortion import SIDE
from training.network import BatchNorm, Conv, Flatten, Linear, MaxPool, Relu

OPSET = 13
IR_VERSION = 8
PRODUCER_VERSION = "1"


def _conv(name, layer):
    """Columns [kernel row, kernel column, in] x out -> ONNX [out, in, row, column]."""
    weight = layer.parameters["weight"]
    weight = weight.reshape(3, 3, -1, weight.shape[1]).transpose(3, 2, 0, 1)
    return "Conv", {"weight": weight}, {
        "kernel_shape": [3, 3], "strides": [1, 1], "pads": [1, 1, 1, 1], "dilations": [1, 1],
        "group": 1}


def _norm(name, layer):
    tensors = {**layer.parameters, "mean": layer.mean, "variance": layer.variance}
    return "BatchNormalization", tensors, {"epsilon": BatchNorm.EPSILON,
                                           "momentum": BatchNorm.MOMENTUM}


def _linear(name, layer):
    tensors = {"weight": layer.parameters["weight"].T, "bias": layer.parameters["bias"]}
    return "Gemm", tensors, {"alpha": 1.0, "beta": 1.0, "transB": 1}


_WRITERS = {
    Conv: _conv,
    BatchNorm: _norm,
    Relu: lambda name, layer: ("Relu", {}, {}),
    MaxPool: lambda name, layer: ("MaxPool", {}, {"kernel_shape": [2, 2], "strides": [2, 2]}),
    Flatten: lambda name, layer: ("Flatten", {}, {"axis": 1}),
    Linear: _linear,
}

_NOTES = {
    "features/conv1": "Strokes and edges: eight 3 x 3 filters over the grey picture.",
    "features/norm1": "Running statistics of training; kept as a node so that a runtime can fold it.",
    "classifier/flatten": "32 maps of 3 x 3 become 288 numbers, channels first.",
    "classifier/scores": "One score per digit.",
}


def _nodes(network):
    nodes, initializers, value = [], [], "image"
    for name, layer in network.layers.items():
        op, tensors, attributes = _WRITERS[type(layer)](name, layer)
        inputs = [value]
        for tensor, array in tensors.items():
            inputs.append(f"{name}/{tensor}".replace("/", "."))
            initializers.append(numpy_helper.from_array(array.copy(order="C"), inputs[-1]))
        value = f"/{name}/{op}_output"
        nodes.append(helper.make_node(op, inputs, [value], name=f"/{name}/{op}",
                                      doc_string=_NOTES.get(name), **attributes))
    nodes.append(helper.make_node(
        "Softmax", [value], ["probabilities"], name="/classifier/Softmax", axis=1,
        doc_string="The ten probabilities; they add up to 1."))
    return nodes, initializers


def _denote(info, kind, dimensions):
    info.type.denotation = kind
    for dimension, denotation in zip(info.type.tensor_type.shape.dim, dimensions):
        dimension.denotation = denotation
    return info


def build(network, metadata):
    """The model, checked; metadata: {key: text} for metadata_props."""
    image = helper.make_tensor_value_info(
        "image", TensorProto.FLOAT, ["N", 1, SIDE, SIDE],
        doc_string="One grey digit per picture, white on black, 0 = black, 1 = white.")
    probabilities = helper.make_tensor_value_info(
        "probabilities", TensorProto.FLOAT, ["N", 10], doc_string="Probability of each digit 0 to 9.")
    _denote(image, "IMAGE", ["DATA_BATCH", "DATA_CHANNEL", "DATA_FEATURE", "DATA_FEATURE"])
    _denote(probabilities, "TENSOR", ["DATA_BATCH"])

    nodes, initializers = _nodes(network)
    graph = helper.make_graph(
        nodes, "digits", [image], [probabilities], initializers,
        doc_string="Three blocks of convolution, batch normalisation, ReLU and pooling, "
                   "then two fully connected layers.")
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION,
        producer_name="lapidary digits train.py", producer_version=PRODUCER_VERSION,
        domain="lapidary.samples", model_version=1,
        doc_string="Reads one printed digit, 0 to 9, from a 28 x 28 grey picture. "
                   "A small sample, made to be looked at, run and timed.")
    helper.set_model_props(model, metadata)
    onnx.checker.check_model(model, full_check=True)
    shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    return model
