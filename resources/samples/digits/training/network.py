# SPDX-License-Identifier: GPL-3.0-or-later
"""A small convolutional network in numpy: forward, backward and Adam. Images are NHWC inside.

Each layer has forward(x, training) and backward(gradient); `parameters` maps a name to an array,
`gradients` has the same names after backward.
"""

import numpy as np


class Conv:
    """3 x 3 convolution, padding 1, no bias (the batch normalisation after it has one)."""

    def __init__(self, rng, inputs, outputs):
        spread = np.sqrt(2 / (9 * inputs))
        weight = rng.normal(0, spread, (9 * inputs, outputs)).astype(np.float32)
        self.parameters = {"weight": weight}  # rows ordered: kernel row, kernel column, channel
        self.gradients = {}

    def forward(self, x, training):
        self.shape = n, h, w, c = x.shape
        padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
        columns = np.empty((n, h, w, 9, c), np.float32)
        for k in range(9):
            columns[:, :, :, k] = padded[:, k // 3:k // 3 + h, k % 3:k % 3 + w]
        self.columns = columns.reshape(-1, 9 * c)
        return (self.columns @ self.parameters["weight"]).reshape(n, h, w, -1)

    def backward(self, gradient):
        n, h, w, c = self.shape
        rows = gradient.reshape(n * h * w, -1)
        self.gradients["weight"] = self.columns.T @ rows
        columns = (rows @ self.parameters["weight"].T).reshape(n, h, w, 9, c)
        padded = np.zeros((n, h + 2, w + 2, c), np.float32)
        for k in range(9):
            padded[:, k // 3:k // 3 + h, k % 3:k % 3 + w] += columns[:, :, :, k]
        return padded[:, 1:-1, 1:-1]


class BatchNorm:
    """Per channel; running statistics are what inference and the ONNX file use."""

    EPSILON = 1e-5
    MOMENTUM = 0.95

    def __init__(self, channels):
        self.parameters = {"scale": np.ones(channels, np.float32),
                           "bias": np.zeros(channels, np.float32)}
        self.gradients = {}
        self.mean = np.zeros(channels, np.float32)
        self.variance = np.ones(channels, np.float32)

    def forward(self, x, training):
        mean, variance = self.mean, self.variance
        if training:
            mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
            self.mean += (1 - self.MOMENTUM) * (mean - self.mean)
            self.variance += (1 - self.MOMENTUM) * (variance - self.variance)
        self.deviation = np.sqrt(variance + self.EPSILON)
        self.normal = (x - mean) / self.deviation
        return self.normal * self.parameters["scale"] + self.parameters["bias"]

    def backward(self, gradient):
        self.gradients["bias"] = gradient.sum((0, 1, 2))
        self.gradients["scale"] = (gradient * self.normal).sum((0, 1, 2))
        count = gradient[..., 0].size
        centred = gradient - (self.gradients["bias"] + self.normal * self.gradients["scale"]) / count
        return centred * (self.parameters["scale"] / self.deviation)


class Relu:
    parameters = {}

    def forward(self, x, training):
        self.positive = x > 0
        return x * self.positive

    def backward(self, gradient):
        return gradient * self.positive


class MaxPool:
    """2 x 2, stride 2; an odd last row or column is left out."""

    parameters = {}

    def forward(self, x, training):
        n, h, w, c = self.shape = x.shape
        h, w = h // 2, w // 2
        blocks = x[:, :2 * h, :2 * w].reshape(n, h, 2, w, 2, c)
        highest = blocks.max((2, 4))
        self.chosen = blocks == highest[:, :, None, :, None]
        return highest

    def backward(self, gradient):
        spread = self.chosen * gradient[:, :, None, :, None]
        n, h, _, w, _, c = spread.shape
        out = np.zeros(self.shape, np.float32)
        out[:, :2 * h, :2 * w] = spread.reshape(n, 2 * h, 2 * w, c)
        return out


class Flatten:
    """To [N, C * H * W], channels first as ONNX flattens them."""

    parameters = {}

    def forward(self, x, training):
        self.shape = x.shape
        return x.transpose(0, 3, 1, 2).reshape(len(x), -1)

    def backward(self, gradient):
        n, h, w, c = self.shape
        return gradient.reshape(n, c, h, w).transpose(0, 2, 3, 1)


class Linear:
    def __init__(self, rng, inputs, outputs):
        weight = rng.normal(0, np.sqrt(2 / inputs), (inputs, outputs)).astype(np.float32)
        self.parameters = {"weight": weight, "bias": np.zeros(outputs, np.float32)}
        self.gradients = {}

    def forward(self, x, training):
        self.x = x
        return x @ self.parameters["weight"] + self.parameters["bias"]

    def backward(self, gradient):
        self.gradients["weight"] = self.x.T @ gradient
        self.gradients["bias"] = gradient.sum(0)
        return gradient @ self.parameters["weight"].T


class Network:
    """Layers by name, in order. The names become those of the ONNX nodes."""

    def __init__(self, rng):
        self.layers = {}
        channels = 1
        for stage, outputs in enumerate((8, 16, 32), start=1):
            self.layers[f"features/conv{stage}"] = Conv(rng, channels, outputs)
            self.layers[f"features/norm{stage}"] = BatchNorm(outputs)
            self.layers[f"features/relu{stage}"] = Relu()
            self.layers[f"features/pool{stage}"] = MaxPool()
            channels = outputs
        self.layers["classifier/flatten"] = Flatten()
        self.layers["classifier/hidden"] = Linear(rng, 3 * 3 * channels, 64)
        self.layers["classifier/relu"] = Relu()
        self.layers["classifier/scores"] = Linear(rng, 64, 10)

    def scores(self, images, training=False):
        """images: [N, 1, 28, 28] float 0..1; returns [N, 10] before softmax."""
        x = images.transpose(0, 2, 3, 1)
        for layer in self.layers.values():
            x = layer.forward(x, training)
        return x

    def probabilities(self, images):
        """[N, 1, 28, 28] -> [N, 10], each row adding up to 1."""
        scores = self.scores(images)
        exponentials = np.exp(scores - scores.max(1, keepdims=True))
        return exponentials / exponentials.sum(1, keepdims=True)

    def learn(self, images, labels):
        """Forward and backward once; leaves the gradients in the layers. Returns mean cross entropy."""
        scores = self.scores(images, training=True)
        scores -= scores.max(1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(1, keepdims=True))
        rows = np.arange(len(labels))
        gradient = np.exp(logs)
        gradient[rows, labels] -= 1
        gradient /= np.float32(len(labels))
        for layer in reversed(self.layers.values()):
            gradient = layer.backward(gradient)
        return -logs[rows, labels].mean()

    def parameter_count(self):
        return sum(a.size for layer in self.layers.values() for a in layer.parameters.values())


class Adam:
    """Kingma and Ba 2015, with the usual 0.9 and 0.999."""

    def __init__(self, network):
        self.slots = [(layer, name, np.zeros_like(array), np.zeros_like(array))
                      for layer in network.layers.values()
                      for name, array in layer.parameters.items()]
        self.step_count = 0

    def step(self, rate):
        self.step_count += 1
        rate *= np.sqrt(1 - 0.999 ** self.step_count) / (1 - 0.9 ** self.step_count)
        for layer, name, mean, square in self.slots:
            gradient = layer.gradients[name]
            mean += 0.1 * (gradient - mean)
            square += 0.001 * (gradient * gradient - square)
            layer.parameters[name] -= np.float32(rate) * mean / (np.sqrt(square) + 1e-8)
