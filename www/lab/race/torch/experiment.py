"""An experiment of Distillery in PyTorch: its first weights, its batches, its losses.

    pip install torch numpy safetensors
    python THIS_FILE.py --data FOLDER --weights FIRST_WEIGHTS.safetensors

FOLDER has MNIST's idx files: train-images-idx3-ubyte and train-labels-idx1-ubyte, gzipped or not. The first losses stand beside
those that Distillery's engine had; `--train` goes on to the last epoch and counts errors on the validation digits.
"""

import argparse
import gzip
import hashlib
import json
import math
from pathlib import Path

import numpy as np

# What was raced, and the losses of the first steps there.
EXPERIMENT = json.loads(r"""{"config": {}, "first_losses": {}, "half_logits": [], "made_by": ""}""")

EVALUATED_AT_ONCE = 1000


# The digits -----------------------------------------------------------------------------------------------------------


def idx(folder, name, header):
    """The bytes of an idx file behind its header."""
    plain, packed = Path(folder) / name, Path(folder) / f"{name}.gz"
    content = (plain if plain.exists() else packed).read_bytes()
    content = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    return np.frombuffer(content, np.uint8, offset=header)


def training_digits(folder):
    """Pixels n × 784, 0 to 1, and labels."""
    pixels = idx(folder, "train-images-idx3-ubyte", 16).reshape(-1, 784)
    return pixels.astype(np.float32) / np.float32(255), idx(folder, "train-labels-idx1-ubyte", 8).astype(np.int64)


# The order of batches -------------------------------------------------------------------------------------------------
# ChaCha8, keyed by SHA-256 over the seed and what the numbers are for, and a shuffle as Rust's `rand` 0.10 has it.


def chacha8_words(key):
    """The stream's 32-bit words, 4,096 blocks at a time."""
    constants = np.frombuffer(b"expand 32-byte k", "<u4")
    first = 0
    while True:
        state = np.zeros((16, 4096), np.uint32)
        state[:4] = constants[:, None]
        state[4:12] = np.frombuffer(key, "<u4")[:, None]
        counter = np.arange(first, first + 4096, dtype=np.uint64)
        state[12], state[13] = counter.astype(np.uint32), (counter >> np.uint64(32)).astype(np.uint32)
        x = state.copy()
        for _ in range(4):
            for a, b, c, d in [(0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)]:
                quarter_round(x, a, b, c, d)
            for a, b, c, d in [(0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)]:
                quarter_round(x, a, b, c, d)
        yield from (x + state).T.reshape(-1).tolist()
        first += 4096


def quarter_round(x, a, b, c, d):
    for one, two, three, bits in [(a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)]:
        x[one] += x[two]
        mixed = x[three] ^ x[one]
        x[three] = (mixed << np.uint32(bits)) | (mixed >> np.uint32(32 - bits))


def stream(seed, use, numbers):
    """Random words for one use under the experiment's seed."""
    key = hashlib.sha256(seed.to_bytes(4, "little") + len(use).to_bytes(8, "little") + use.encode())
    for number in numbers:
        key.update(number.to_bytes(8, "little"))
    return chacha8_words(key.digest())


def below(words, bound):
    """A number from 0 to bound - 1 (Canon's method, as `rand` has it)."""
    product = next(words) * bound
    result, low = product >> 32, product & 0xFFFFFFFF
    if low > 2**32 - bound:
        result += (low + ((next(words) * bound) >> 32)) >> 32
    return result


def shuffled(values, words):
    """Durstenfeld's shuffle from the front; one word serves for several places while their product fits."""
    values, chunk, left = list(values), 0, 1
    for at in range(len(values)):
        size = at + 1
        if left == 0:
            bound, left = size, 1
            while bound * (size + left) < 2**32:
                bound *= size + left
                left += 1
            chunk = below(words, bound)
        left -= 1
        other, chunk = (chunk, chunk) if left == 0 else (chunk % size, chunk // size)
        values[at], values[other] = values[other], values[at]
    return values


def of_model(config, name, field):
    """A model's own transfer set or training, or the experiment's."""
    return config["models"][name].get(field) or config[field]


def learnt(config, name, labels):
    """Places of the training digits that a model learns on."""
    chosen = of_model(config, name, "transfer_set")
    return [at for at in range(chosen["digits"]) if int(labels[at]) not in chosen["leave_out"]]


def batches(config, name, labels, epoch):
    """The batches of an epoch, from 0, as lists of places."""
    order = shuffled(learnt(config, name, labels), stream(config["seed"], "batches", [epoch]))
    size = of_model(config, name, "training")["batch_size"]
    return [order[at : at + size] for at in range(0, len(order), size)]


# The networks and the loss --------------------------------------------------------------------------------------------


def logits_of(weights, pixels):
    """Ten logits a digit. Convolutions are [to, from, side, side], products [from, to]; there is a ReLU behind all but the last."""
    import torch.nn.functional as F

    layers = len(weights) // 2
    values = pixels
    for layer in range(layers):
        weight, bias = weights[f"layers.{layer}.weight"], weights[f"layers.{layer}.bias"]
        if weight.dim() == 4:
            values = values.reshape(len(pixels), 1, 28, 28) if layer == 0 else values
            values = F.relu(F.max_pool2d(F.conv2d(values, weight, bias), 2))
            continue
        values = values.flatten(1) @ weight + bias
        values = F.relu(values) if layer + 1 < layers else values
    return values


def at(schedule, progress):
    """A number that may change: progress is 0 at the first step and 1 after the last."""
    if not isinstance(schedule, dict):
        return schedule
    (kind, way), *_ = schedule.items()
    if kind == "linear":
        return way["from"] + (way["to"] - way["from"]) * progress
    if kind == "cosine":
        return way["to"] + (way["from"] - way["to"]) * 0.5 * (1 + math.cos(math.pi * progress))
    if kind == "step":
        return way["from"] if progress < way["at"] else way["to"]
    return float(np.interp(progress, [point["at"] for point in way], [point["value"] for point in way]))


def losses(objective, is_taught, logits, labels, taught, progress):
    """hard_weight · hard + soft_weight · T² · soft (Hinton et al. 2015, section 2), and its terms, in nats."""
    import torch.nn.functional as F

    hard = F.cross_entropy(logits, labels, label_smoothing=objective.get("label_smoothing", 0.0))
    if not is_taught:
        return hard, None, hard
    hard_weight = at(objective["hard_weight"], progress)
    soft_weight = objective.get("soft_weight")
    soft_weight = 1 - hard_weight if soft_weight is None else at(soft_weight, progress)
    temperature = at(objective["temperature"], progress)
    if objective["soft"] == "logit_mse":
        soft, factor = ((logits - taught) ** 2).sum(1).mean() / 2, soft_weight
    else:
        log_q, p = F.log_softmax(logits / temperature, 1), F.softmax(taught / temperature, 1)
        entropy = 0 if objective["soft"] == "cross_entropy" else (p * p.clamp_min(1e-30).log()).sum(1)
        soft = (entropy - (p * log_q).sum(1)).mean()
        factor = soft_weight * (temperature**2 if objective["t_squared"] else 1)
    return hard, soft, hard_weight * hard + factor * soft


# The race -------------------------------------------------------------------------------------------------------------


def model_steps(experiment, name, tensors, pixels, labels):
    """Trains a model; gives its losses step by step, each before the weights change, and its weights as they are then."""
    import torch

    config = experiment["config"]
    model, training = config["models"][name], of_model(config, name, "training")
    weights = {key: tensor.clone().requires_grad_() for key, tensor in tensors[name].items()}
    adam = training["optimiser"]["adam"]
    optimiser = torch.optim.Adam(
        weights.values(), betas=(adam["beta_1"], adam["beta_2"]), eps=1e-8, weight_decay=training["weight_decay"]
    )
    teacher = next((source["model"] for source in model.get("learns_from", [])), None)
    per_epoch = math.ceil(len(learnt(config, name, labels)) / training["batch_size"])
    step = 0
    for epoch in range(training["epochs"]):
        for batch in batches(config, name, labels, epoch):
            progress = step / (per_epoch * training["epochs"])
            digits = torch.from_numpy(pixels[batch])
            taught = None
            if teacher is not None:
                with torch.no_grad():
                    taught = logits_of(tensors[teacher], digits)
                    taught = taught.half().float() if teacher in experiment["half_logits"] else taught
            told = torch.from_numpy(labels[batch])
            terms = losses(model["objective"], teacher is not None, logits_of(weights, digits), told, taught, progress)
            for group in optimiser.param_groups:
                group["lr"] = at(training["learning_rate"], progress)
            optimiser.zero_grad()
            terms[2].backward()
            optimiser.step()
            step += 1
            yield step, epoch, [None if term is None else term.item() for term in terms], weights


def is_trained(config, name):
    return "pretrained" not in (config["models"][name].get("init") or {})


def read_weights(path, config):
    """The tensors of each model."""
    import torch
    from safetensors.numpy import load_file

    tensors = {name: torch.from_numpy(values) for name, values in load_file(path).items()}
    prefixes = {name: f"{name}/" for name in config["models"]}
    return {
        name: {key[len(prefix) :]: tensor for key, tensor in tensors.items() if key.startswith(prefix)}
        for name, prefix in prefixes.items()
    }


def show(name, step, found, expected):
    """A line of a step, and how far its losses are from the engine's."""
    apart = 0.0
    columns = []
    for term, value in zip(["hard", "soft", "total"], found):
        if value is None:
            continue
        apart = max(apart, abs(value - expected[term]))
        columns.append(f"{term} {value:.6f} ({expected[term]:.6f})")
    print(f"{name}, step {step}: {', '.join(columns)}")
    return apart


def main():
    import torch

    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", required=True, help="folder of MNIST's idx files")
    arguments.add_argument("--weights", required=True, help="the first weights, exported beside this script")
    arguments.add_argument("--train", action="store_true", help="go on to the last epoch")
    asked = arguments.parse_args()
    config = EXPERIMENT["config"]
    pixels, labels = training_digits(asked.data)
    tensors = read_weights(asked.weights, config)
    print(f"{EXPERIMENT['made_by']}. In brackets: the losses that its engine had.")
    apart = 0.0
    for name in filter(lambda one: is_trained(config, one), config["models"]):
        expected = EXPERIMENT["first_losses"][name]
        weights, last = tensors[name], -1
        for step, epoch, found, weights in model_steps(EXPERIMENT, name, tensors, pixels, labels):
            if step <= len(expected):
                apart = max(apart, show(name, step, found, expected[step - 1]))
            if not asked.train and step >= len(expected):
                break
            last = epoch
        if asked.train:
            held = slice(60000 - config["data"]["validation"], 60000)
            digits, told = torch.from_numpy(pixels[held]), torch.from_numpy(labels[held])
            with torch.no_grad():
                choices = [logits_of(weights, part).argmax(1) for part in digits.split(EVALUATED_AT_ONCE)]
            wrong = int((torch.cat(choices) != told).sum()) if choices else 0
            print(f"{name}, after epoch {last + 1}: {wrong} errors on {len(told)} validation digits")
    print(f"Largest difference from the engine: {apart:.2e} nats")


if __name__ == "__main__":
    main()
