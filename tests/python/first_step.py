"""The first step of an exported PyTorch script, by numpy alone: SCRIPT WEIGHTS MNIST. Exits with an error where it is another.

The script itself reads the digits and puts them in order; the networks are those of scripts/networks.py, by their definitions.
"""

import importlib.util
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from networks import logits  # noqa: E402

# Losses of the engine are of single precision, and its sums over a batch.
TOLERANCE = 1e-4


def module(path):
    """A script as a module; what needs torch is imported where it is used."""
    spec = importlib.util.spec_from_file_location("experiment", path)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def log_softmax(values):
    below = values - values.max(axis=1, keepdims=True)
    return below - np.log(np.exp(below).sum(axis=1, keepdims=True))


def first_losses(script, tensors, name, pixels, labels):
    """The hard and the soft term of a model's first batch."""
    config = script.EXPERIMENT["config"]
    batch = script.batches(config, name, labels, 0)[0]

    def answers(model):
        own = {key.split("/", 1)[1]: value for key, value in tensors.items() if key.startswith(f"{model}/")}
        return logits(own, pixels[batch].astype(np.float64))

    student = answers(name)
    hard = -log_softmax(student)[np.arange(len(batch)), labels[batch]].mean()
    teachers = config["models"][name].get("learns_from", [])
    if not teachers:
        return hard, None
    temperature = script.at(config["models"][name]["objective"]["temperature"], 0)
    taught = answers(teachers[0]["model"])
    if teachers[0]["model"] in script.EXPERIMENT["half_logits"]:
        taught = taught.astype(np.float16).astype(np.float64)
    p = np.exp(log_softmax(taught / temperature))
    soft = -(p * log_softmax(student / temperature)).sum(axis=1).mean()
    if config["models"][name]["objective"]["soft"] == "kl":
        soft += (p * np.log(p)).sum(axis=1).mean()
    return hard, soft


def main(path, weights, data):
    script = module(path)
    pixels, labels = script.training_digits(data)
    tensors = load_file(weights)
    for name, expected in script.EXPERIMENT["first_losses"].items():
        found = first_losses(script, tensors, name, pixels, labels)
        for term, value in zip(["hard", "soft"], found):
            if value is None:
                continue
            apart = abs(value - expected[0][term])
            print(f"{name}, first step: {term} {value:.6f} by numpy, {apart:.1e} from the engine's")
            if apart > TOLERANCE:
                sys.exit(f"{name}: {term} is {value}, the engine's {expected[0][term]}")


if __name__ == "__main__":
    main(*sys.argv[1:])
