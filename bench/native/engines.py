"""The engines that Distillery is set beside natively, as their users would write the step: engines.py ENGINE FOLDER.

Reads the first weights and the batch that Distillery left in FOLDER, then takes as many steps as each line of standard
input says and answers {"ms", "loss"}: see README.md here.
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file

TEMPERATURE = 4.0
HARD_WEIGHT = 0.5
LEARNING_RATE = 0.001
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
SIDE, PATCH, GRID = 28, 7, 4


class Jax:
    """The whole step, gradients and Adam, is one jitted function; what it replaces is given away to it."""

    def __init__(self, net, weights, batch):
        import jax
        import jax.numpy as jnp
        from jax import lax, nn

        self.jax, self.jnp, self.lax, self.nn = jax, jnp, lax, nn
        self.version = f"jax {jax.__version__}"
        forward = {"mlp": self.layered, "cnn": self.layered, "vit": self.vit, "rnn": self.rnn}
        ((kind, spec),) = net.items()

        def loss(weights, batch):
            logits = forward[kind](spec, weights, batch["pixels"])
            hard = -(batch["labels"] * nn.log_softmax(logits)).sum(-1).mean()
            soft = -(batch["targets"] * nn.log_softmax(logits / TEMPERATURE)).sum(-1).mean()
            return HARD_WEIGHT * hard + (1 - HARD_WEIGHT) * TEMPERATURE**2 * soft

        def step(state, batch):
            weights, first, second, taken = state
            value, gradients = jax.value_and_grad(loss)(weights, batch)
            taken = taken + 1
            each = jax.tree.map
            first = each(lambda old, g: BETA_1 * old + (1 - BETA_1) * g, first, gradients)
            second = each(lambda old, g: BETA_2 * old + (1 - BETA_2) * g * g, second, gradients)
            rate, root = LEARNING_RATE / (1 - BETA_1**taken), 1 - BETA_2**taken
            weights = each(lambda w, m, v: w - rate * m / (jnp.sqrt(v / root) + EPSILON), weights, first, second)
            return value, (weights, first, second, taken)

        self.step = jax.jit(step, donate_argnums=0)
        self.batch = jax.device_put(batch)
        self.state = jax.device_put((weights, *({k: np.zeros_like(v) for k, v in weights.items()} for _ in "mv"), 0.0))
        self.value = None

    def take(self, steps):
        for _ in range(steps):
            self.value, self.state = self.step(self.state, self.batch)
        self.jax.block_until_ready(self.state)
        return float(self.value)

    def layered(self, _spec, weights, pixels):
        """A perceptron, or convolutions with 2×2 max-pooling in front of one."""
        layers = sorted({name.rsplit(".", 1)[0] for name in weights})
        values = pixels
        for layer in layers:
            weight, bias = weights[f"{layer}.weight"], weights[f"{layer}.bias"]
            if weight.ndim == 4:
                values = values.reshape(len(values), weight.shape[1], -1) if values.ndim == 2 else values
                side = int(round((values[0, 0].size) ** 0.5))
                values = values.reshape(*values.shape[:2], side, side)
                values = self.lax.conv(values, weight, (1, 1), "VALID") + bias[:, None, None]
                window = (1, 1, 2, 2)
                values = self.lax.reduce_window(values, -np.inf, self.lax.max, window, window, "VALID")
                values = self.nn.relu(values)
                continue
            values = values.reshape(len(values), -1) @ weight + bias
            values = self.nn.relu(values) if layer != layers[-1] else values
        return values

    def vit(self, spec, weights, pixels):
        jnp, digits, heads = self.jnp, len(pixels), spec["heads"]

        def linear(path, x):
            return x @ weights[f"{path}.weight"] + weights[f"{path}.bias"]

        def norm(path, x):
            mean = x.mean(-1, keepdims=True)
            variance = ((x - mean) ** 2).mean(-1, keepdims=True)
            return (x - mean) / jnp.sqrt(variance + 1e-5) * weights[f"{path}.gain"] + weights[f"{path}.bias"]

        def split(x):
            return x.reshape(digits, GRID * GRID, heads, -1).transpose(0, 2, 1, 3)

        patches = pixels.reshape(digits, GRID, PATCH, GRID, PATCH).transpose(0, 1, 3, 2, 4)
        tokens = linear("layers.0", patches.reshape(digits, GRID * GRID, PATCH * PATCH)) + weights["layers.0.positions"]
        for block in range(1, spec["depth"] + 1):
            path = f"layers.{block}"
            normed = norm(f"{path}.attention.norm", tokens)
            q, k, v = map(split, jnp.split(linear(f"{path}.attention.queries_keys_values", normed), 3, axis=-1))
            scores = q @ k.transpose(0, 1, 3, 2) / q.shape[-1] ** 0.5
            seen = (self.nn.softmax(scores) @ v).transpose(0, 2, 1, 3).reshape(tokens.shape)
            tokens = tokens + linear(f"{path}.attention.output", seen)
            hidden = self.nn.relu(linear(f"{path}.mlp.hidden", norm(f"{path}.mlp.norm", tokens)))
            tokens = tokens + linear(f"{path}.mlp.output", hidden)
        last = f"layers.{spec['depth'] + 1}"
        return linear(last, norm(f"{last}.norm", tokens).mean(1))

    def rnn(self, spec, weights, pixels):
        jnp, nn, units = self.jnp, self.nn, spec["units"]
        rows = pixels.reshape(-1, SIDE, SIDE)

        def last(direction, rows):
            weight = weights["layers.0.weight"][direction]
            bias = jnp.concatenate([weights["layers.0.forget_bias"][direction, 0], weights["layers.0.bias"][direction, 0]])
            seen = rows @ weight[:SIDE] + bias

            def step(carry, seen):
                state, cell = carry
                forget, take, give, candidate = jnp.split(seen + state @ weight[SIDE:], 4, axis=-1)
                cell = nn.sigmoid(forget) * cell + nn.sigmoid(take) * jnp.tanh(candidate)
                return (nn.sigmoid(give) * jnp.tanh(cell), cell), None

            zeros = jnp.zeros((len(pixels), units))
            return self.lax.scan(step, (zeros, zeros), seen.transpose(1, 0, 2))[0][0]

        both = jnp.concatenate([last(0, rows), last(1, rows[:, ::-1])], axis=-1)
        return both @ weights["layers.1.weight"] + weights["layers.1.bias"]


class Numpy:
    """A perceptron by hand, in place where numpy can."""

    version = f"numpy {np.__version__}"

    def __init__(self, net, weights, batch):
        if "mlp" not in net:
            raise NotImplementedError("only perceptrons are written out by hand")
        count = len(weights) // 2
        self.layers = [[weights[f"layers.{i}.weight"].copy(), weights[f"layers.{i}.bias"].copy()] for i in range(count)]
        self.first, self.second = ([[np.zeros_like(w) for w in layer] for layer in self.layers] for _ in "mv")
        self.batch, self.taken = batch, 0

    def take(self, steps):
        for _ in range(steps):
            value = self.one()
        return value

    def one(self):
        pixels, labels, targets = (self.batch[name] for name in ("pixels", "labels", "targets"))
        digits = len(pixels)
        seen = [pixels]
        for place, (weight, bias) in enumerate(self.layers):
            values = seen[-1] @ weight
            values += bias
            if place + 1 < len(self.layers):
                np.maximum(values, 0, out=values)
            seen.append(values)
        logits = seen.pop()
        hard, q = self.cross_entropy(labels, logits)
        soft, q_soft = self.cross_entropy(targets, logits / np.float32(TEMPERATURE))
        grad = HARD_WEIGHT * (q - labels) + (1 - HARD_WEIGHT) * TEMPERATURE * (q_soft - targets)
        grad = (grad / digits).astype(np.float32)
        self.taken += 1
        for place in reversed(range(len(self.layers))):
            weight = self.layers[place][0]
            gradients = seen[place].T @ grad, grad.sum(0)
            if place > 0:
                grad = grad @ weight.T
                grad *= seen[place] > 0
            for part, gradient in enumerate(gradients):
                self.adam(place, part, gradient)
        return float(HARD_WEIGHT * hard + (1 - HARD_WEIGHT) * TEMPERATURE**2 * soft)

    @staticmethod
    def cross_entropy(targets, logits):
        shifted = logits - logits.max(-1, keepdims=True)
        powers = np.exp(shifted)
        sums = powers.sum(-1, keepdims=True)
        return -(targets * (shifted - np.log(sums))).sum(-1).mean(), powers / sums

    def adam(self, place, part, gradient):
        weight, first, second = self.layers[place][part], self.first[place][part], self.second[place][part]
        first *= BETA_1
        first += (1 - BETA_1) * gradient
        second *= BETA_2
        gradient *= gradient
        second += (1 - BETA_2) * gradient
        root = np.sqrt(second / np.float32(1 - BETA_2**self.taken))
        root += EPSILON
        weight -= np.float32(LEARNING_RATE / (1 - BETA_1**self.taken)) * first / root


def main():
    engine, folder = sys.argv[1], Path(sys.argv[2])
    with safe_open(folder / "weights.safetensors", "numpy") as file:
        net = json.loads(file.metadata()["net"])
    weights, batch = (load_file(folder / f"{name}.safetensors") for name in ("weights", "batch"))
    made = {"jax": Jax, "numpy": Numpy}[engine](net, weights, batch)
    answer(version=made.version)
    for line in sys.stdin:
        begun = time.perf_counter()
        loss = made.take(int(line))
        answer(ms=(time.perf_counter() - begun) * 1000, loss=loss)


def answer(**values):
    print(json.dumps(values), flush=True)


if __name__ == "__main__":
    # A CPU wheel looks for other devices and says that there are none.
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    main()
