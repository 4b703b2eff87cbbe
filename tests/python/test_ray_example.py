"""The example with Ray: two workers on one machine come to the records that `distillery sweep` comes to."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DISTILLERY = ROOT / "build" / "distillery"
EXAMPLE = ROOT / "examples" / "ray" / "sweep.py"

TINY = {
    "version": 1,
    "data": {"evaluated": 200},
    "transfer_set": {"digits": 200},
    "training": {"epochs": 1, "batch_size": 50},
    "models": {
        "teacher": {"net": {"mlp": {"hidden": [10]}}},
        "student": {"net": {"mlp": {"hidden": [5]}}, "learns_from": [{"model": "teacher"}]},
    },
}


def run(*command):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True, cwd=ROOT)


def digests(path):
    return sorted(json.loads(line)["record"]["digest"] for line in path.read_text().splitlines())


class RayExample(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        self.config = self.folder / "tiny.json"
        self.config.write_text(json.dumps(TINY))
        self.grid = ["sweep", self.config, "--set", "training.batch_size=25,50", "--seeds", 2]

    def test_two_workers_come_to_the_records_of_a_sweep(self):
        cells, out, alone = self.folder / "cells", self.folder / "ray.jsonl", self.folder / "alone.jsonl"
        run(DISTILLERY, *self.grid, "--list", cells)
        run(DISTILLERY, *self.grid, "--out", alone)
        run(sys.executable, EXAMPLE, cells, out, "--distillery", DISTILLERY, "--workers", 2)
        self.assertEqual(len(set(digests(alone))), 4)
        self.assertEqual(digests(out), digests(alone))

    def test_a_cell_that_cannot_run_is_told(self):
        cells = self.folder / "cells"
        cells.mkdir()
        (cells / "cell-000.json").write_text(json.dumps({**TINY, "training": {"epochs": 0}}))
        command = [sys.executable, EXAMPLE, cells, self.folder / "out", "--distillery", DISTILLERY]
        with self.assertRaises(subprocess.CalledProcessError) as failed:
            run(*command)
        self.assertIn("training.epochs", failed.exception.stderr)


if __name__ == "__main__":
    unittest.main()
