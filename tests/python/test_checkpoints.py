"""Checkpoints as Python's safetensors reads them: numpy makes the same mistakes as the record says."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from networks import DATA, IMAGE_HEADER, LABEL_HEADER, idx, logits, weight_of  # noqa: E402

TEACHERS = ROOT / "assets" / "teachers"
CHUNK = 250

CONFIG = {
    "version": 1,
    "seed": 11,
    "data": {"evaluated": 2000},
    "transfer_set": {"digits": 2000},
    "training": {"epochs": 2, "batch_size": 64, "learning_rate": 0.003},
    "models": {
        "convolutional": {"net": {"cnn": {"channels": [4, 8], "kernel": 3, "hidden": [24]}}},
        "student": {"net": {"mlp": {"hidden": [20, 15]}}, "learns_from": [{"model": "convolutional"}]},
        "linear": {"net": {"mlp": {"hidden": []}}},
        "thin": {"net": {"mlp": {"hidden": [20, 15], "rank": 6}}},
        "factorised": {
            "net": {"mlp": {"hidden": [20, 15], "rank": 6}},
            "init": {"derive": {"from": "student", "by": "factorise", "frozen": True}},
        },
    },
}


class Checkpoints(unittest.TestCase):
    """Every network the crate can write."""

    @classmethod
    def setUpClass(cls):
        pixels = idx("t10k-images-idx3-ubyte", IMAGE_HEADER).reshape(-1, 784)
        cls.digits = pixels.astype(np.float64) / 255
        cls.labels = idx("t10k-labels-idx1-ubyte", LABEL_HEADER)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            config = folder / "config.json"
            config.write_text(json.dumps(CONFIG))
            command = [ROOT / "build" / "distillery", "run", config, "--data", DATA, "--quiet"]
            subprocess.run([*command, "--out", folder / "record.json", "--weights", folder], check=True, cwd=ROOT)
            cls.record = json.loads((folder / "record.json").read_text())
            cls.tensors = {name: load_file(folder / f"{name}.safetensors") for name in CONFIG["models"]}
            with safe_open(folder / "student.safetensors", framework="numpy") as file:
                cls.metadata = file.metadata()

    def wrong(self, tensors, count):
        """Indices of the first `count` test digits that a network gets wrong."""
        chunks = [logits(tensors, self.digits[at : min(at + CHUNK, count)]) for at in range(0, count, CHUNK)]
        choices = np.concatenate(chunks).argmax(axis=1)
        return np.flatnonzero(choices != self.labels[:count]).tolist()

    def test_error_counts_of_a_run_are_reproduced_exactly(self):
        for name, model in self.record["models"].items():
            with self.subTest(model=name):
                wrong = self.wrong(self.tensors[name], CONFIG["data"]["evaluated"])
                if model["epochs"]:
                    self.assertEqual(len(wrong), model["epochs"][-1]["errors"])
                self.assertEqual(wrong, model["wrong"])

    def test_every_value_is_a_finite_f32_and_all_are_there(self):
        for name, model in self.record["models"].items():
            with self.subTest(model=name):
                tensors = self.tensors[name].values()
                self.assertEqual(sum(tensor.size for tensor in tensors), model["parameters"])
                self.assertTrue(all(tensor.dtype == np.float32 for tensor in tensors))
                self.assertTrue(all(np.isfinite(tensor).all() for tensor in tensors))

    def test_factors_miss_what_numpys_singular_values_left_out_come_to(self):
        source, made = self.tensors["student"], self.tensors["factorised"]
        for layer in range(2):
            with self.subTest(layer=layer):
                weight = weight_of(source, layer)
                values = np.linalg.svd(weight, compute_uv=False)
                missed = np.linalg.norm(weight - weight_of(made, layer))
                self.assertAlmostEqual(missed, np.sqrt((values[6:] ** 2).sum()), delta=1e-6 * values[0])
                factor = made[f"layers.{layer}.first_factor"].astype(np.float64)
                np.testing.assert_allclose((factor**2).sum(axis=0), values[:6], rtol=1e-5)

    def test_the_metadata_names_the_network(self):
        self.assertEqual(json.loads(self.metadata["net"])["mlp"]["hidden"], [20, 15])

    def test_shipped_teachers_of_convolutions_and_products_make_the_errors_their_cards_say(self):
        files = [path for path in TEACHERS.glob("*.json") if path.with_suffix(".safetensors").exists()]
        cards = [json.loads(path.read_text()) for path in files]
        cards = [card for card in cards if card["net"].keys() <= {"mlp", "cnn"}]
        self.assertTrue(cards)
        for card in cards:
            with self.subTest(teacher=card["name"]):
                tensors = load_file(TEACHERS / f"{card['name']}.safetensors")
                self.assertEqual(len(self.wrong(tensors, len(self.labels))), card["test_errors"])


if __name__ == "__main__":
    unittest.main()
