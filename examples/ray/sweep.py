"""Runs a folder of cells (`distillery sweep … --list DIR`) as Ray tasks and collects their records.

python examples/ray/sweep.py DIR OUT.jsonl [--distillery PROGRAM] [--workers 2]
"""

import argparse
import json
import pathlib
import subprocess

import ray


@ray.remote(num_cpus=1)
def run(program: str, cell: str) -> dict:
    """One cell's record; an error of the program fails the task and tells its text."""
    done = subprocess.run([program, "run", cell, "--out", "-", "--quiet"], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{cell}: {done.stderr}")
    return {"cell": pathlib.Path(cell).name, "record": json.loads(done.stdout)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--distillery", default="distillery")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    ray.init(num_cpus=options.workers, include_dashboard=False)
    cells = sorted(options.folder.resolve().glob("cell-*.json"))
    waiting = [run.remote(options.distillery, str(cell)) for cell in cells]
    with options.out.open("w") as out:
        while waiting:
            ready, waiting = ray.wait(waiting)
            out.write(json.dumps(ray.get(ready[0])) + "\n")
            out.flush()


if __name__ == "__main__":
    main()
