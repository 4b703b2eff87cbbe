"""What is held small, as numpy makes it from the weights that it came from; errors again from the packed files."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from networks import DATA, IMAGE_HEADER, LABEL_HEADER, idx, logits, unpacked  # noqa: E402


def derived(compress, frozen=True, **others):
    start = {"derive": {"from": "dense", "by": "copy", "frozen": frozen}}
    return {"net": {"same_as": "dense"}, "init": start, "compress": compress, **others}


TAUGHT = {"learns_from": [{"model": "dense"}], "objective": {"hard_weight": 0.1}}
TICKET = [{"prune": {"kept": 0.1, "by": {"magnitude_of": "dense"}}}]

CONFIG = {
    "version": 1,
    "seed": 3,
    "data": {"evaluated": 1000},
    "transfer_set": {"digits": 2000},
    "training": {"epochs": 2, "batch_size": 64, "learning_rate": 0.003},
    "models": {
        "dense": {"net": {"cnn": {"channels": [4, 8], "kernel": 3, "hidden": [24]}}},
        "tensor": derived([{"quantise": {"bits": 4}}]),
        "channel": derived([{"quantise": {"bits": 3, "per": "channel"}}]),
        "by-layer": derived([{"quantise": {"bits": 8, "layers": [8, 2, 5]}}]),
        "whole": derived([{"quantise": {"bits": 8, "per": "channel", "activations": True}}]),
        "ternary": derived([{"ternarise": {}}]),
        "global": derived([{"prune": {"kept": 0.1}}]),
        "layer": derived([{"prune": {"kept": 0.3, "scope": "layer"}}]),
        "both": derived([{"quantise": {"bits": 5}}, {"prune": {"kept": 0.2}}]),
        "taught": derived([{"quantise": {"bits": 4, "per": "channel"}}], frozen=False, **TAUGHT),
        "grown": derived([{"prune": {"kept": {"linear": {"from": 1.0, "to": 0.05}}}}], frozen=False, **TAUGHT),
        "ticket": {"net": {"same_as": "dense"}, "init": {"same_as": "dense"}, "compress": TICKET},
        "narrow": {
            "net": {"cnn": {"channels": [2, 5], "kernel": 3, "hidden": [11]}},
            "init": {"derive": {"from": "dense", "by": "strongest_units", "frozen": True}},
        },
    },
}


def held(name):
    """Whether a parameter is one that products are made with."""
    return name.endswith(".weight")


def channels(weights):
    """The weights of each output as a row."""
    return weights.reshape(len(weights), -1) if weights.ndim == 4 else weights.T


def short(scale):
    """Without the last seven bits, to the nearest."""
    bits = np.asarray(scale, dtype=np.float32).view(np.uint32)
    return ((bits + 64) >> 7 << 7).view(np.float32)


def quantised(weights, bits, per_channel):
    rows = channels(weights) if per_channel else weights.reshape(1, -1)
    most = 2 ** (bits - 1) - 1
    scales = short(np.abs(rows).max(axis=1) / np.float32(most))[:, None]
    made = np.clip(np.round(rows / scales), -most, most).astype(np.float32) * scales
    return made.T if per_channel and weights.ndim == 2 else made.reshape(weights.shape)


def ternary(weights):
    magnitudes = np.abs(weights).astype(np.float64)
    above = magnitudes > np.float32(0.7 * magnitudes.mean())
    return np.where(above, np.sign(weights) * short(magnitudes[above].mean().astype(np.float32)), 0)


def pruned(tensors, kept):
    """The largest of all weights."""
    names = [name for name in tensors if held(name)]
    magnitudes = np.concatenate([np.abs(tensors[name]).ravel() for name in names])
    left = int(np.ceil(kept * len(magnitudes)))
    threshold = np.sort(magnitudes)[-left]
    return {name: np.where(np.abs(tensors[name]) >= threshold, tensors[name], 0) for name in names}


def rounded(values):
    """What enters a layer, each digit's by its own scale of 7 bits; none of it is negative."""
    flat = values.reshape(len(values), -1)
    scales = flat.max(axis=1, keepdims=True) / 127
    whole = np.floor(np.divide(flat, scales, out=np.zeros_like(flat), where=scales > 0) + 0.5)
    return (whole * scales).reshape(values.shape)


class Compression(unittest.TestCase):
    """A convolutional network, whose weights are of both kinds."""

    @classmethod
    def setUpClass(cls):
        pixels = idx("t10k-images-idx3-ubyte", IMAGE_HEADER).reshape(-1, 784)
        cls.digits = pixels[:1000].astype(np.float64) / 255
        cls.labels = idx("t10k-labels-idx1-ubyte", LABEL_HEADER)[:1000]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            config = folder / "config.json"
            config.write_text(json.dumps(CONFIG))
            command = [ROOT / "build" / "distillery", "run", config, "--data", DATA, "--quiet"]
            subprocess.run([*command, "--out", folder / "record.json", "--weights", folder], check=True, cwd=ROOT)
            cls.record = json.loads((folder / "record.json").read_text())
            files = {name: folder / f"{name}.safetensors" for name in CONFIG["models"]}
            cls.bytes = {name: file.stat().st_size for name, file in files.items()}
            cls.tensors = {name: unpacked(file) for name, file in files.items()}

    def test_errors_again_from_the_files_and_their_bytes_as_told(self):
        for name, model in self.record["models"].items():
            with self.subTest(model=name):
                chunks = np.array_split(self.digits, 8)
                enters = rounded if name == "whole" else lambda values: values
                found = [logits(self.tensors[name], chunk, enters) for chunk in chunks]
                choices = np.concatenate(found).argmax(axis=1)
                self.assertEqual(np.flatnonzero(choices != self.labels).tolist(), model["wrong"])
                stored = self.record["costs"][name]["stored"]
                self.assertEqual(stored["file_bytes"], self.bytes[name])
                nonzero = sum(np.count_nonzero(tensor) for tensor in self.tensors[name].values())
                self.assertEqual(stored["nonzero"], nonzero)

    def test_weights_are_rounded_by_the_definition(self):
        dense = self.tensors["dense"]
        layers = {"tensor": [4] * 4, "channel": [3] * 4, "by-layer": [8, 2, 5, 8]}
        for model, bits in layers.items():
            for layer in range(4):
                with self.subTest(model=model, layer=layer):
                    name = f"layers.{layer}.weight"
                    expected = quantised(dense[name], bits[layer], model == "channel")
                    np.testing.assert_array_equal(self.tensors[model][name], expected)
        for layer in range(4):
            name = f"layers.{layer}.weight"
            np.testing.assert_array_equal(self.tensors["ternary"][name], ternary(dense[name]))

    def test_the_largest_weights_stay(self):
        dense = self.tensors["dense"]
        for name, expected in pruned(dense, 0.1).items():
            np.testing.assert_array_equal(self.tensors["global"][name], expected)
            of_layer = pruned({name: dense[name]}, 0.3)[name]
            np.testing.assert_array_equal(self.tensors["layer"][name], of_layer)
        for name, left in pruned(dense, 0.2).items():
            np.testing.assert_array_equal(self.tensors["both"][name], quantised(left, 5, False))

    def test_what_was_trained_is_what_it_is_held_to(self):
        taught, grown, ticket = (self.tensors[name] for name in ("taught", "grown", "ticket"))
        for name in filter(held, taught):
            np.testing.assert_array_equal(taught[name], quantised(taught[name], 4, True))
            # Whatever it learns, a ticket has no other weights than the largest of the dense one.
            mask = pruned(self.tensors["dense"], 0.1)[name] != 0
            self.assertTrue(np.all(ticket[name][~mask] == 0))
            self.assertTrue(np.all(ticket[name][mask] != 0))
        weights = sum(tensor.size for name, tensor in grown.items() if held(name))
        left = sum(np.count_nonzero(tensor) for name, tensor in grown.items() if held(name))
        self.assertLessEqual(left, np.ceil(0.05 * weights))

    def test_the_strongest_units_stay(self):
        dense, narrow = self.tensors["dense"], self.tensors["narrow"]
        before = np.array([0])
        for layer, count in enumerate([2, 5, 11, 10]):
            weights = dense[f"layers.{layer}.weight"]
            strengths = np.abs(channels(weights).astype(np.float64)).sum(axis=1)
            stay = np.sort(np.argsort(-strengths, kind="stable")[:count])
            if weights.ndim == 4:
                expected = weights[stay][:, before]
            else:
                # Behind the convolutions each channel has its places.
                rows = weights.reshape(-1, len(weights) // self.units(layer), weights.shape[1])[before]
                expected = rows.reshape(-1, weights.shape[1])[:, stay]
            np.testing.assert_array_equal(narrow[f"layers.{layer}.weight"], expected)
            np.testing.assert_array_equal(narrow[f"layers.{layer}.bias"], dense[f"layers.{layer}.bias"][stay])
            before = stay

    def units(self, layer):
        """Units or channels that lead into a layer of the dense network."""
        return len(self.tensors["dense"][f"layers.{layer - 1}.bias"])


if __name__ == "__main__":
    unittest.main()
