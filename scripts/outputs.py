"""What multi-layer perceptrons make of the 5,000 validation digits, in float64: errors, mean entropy at T = 1 in nats,
and classes that are the first choice for no digit.

scripts/python scripts/outputs.py FOLDER … with the folders that `distillery run --weights FOLDER` wrote, one a seed;
networks other than perceptrons are passed over. The last line of a model is its mean ± standard deviation over the folders.
"""

import pathlib
import statistics
import sys

import numpy as np
from networks import IMAGE_HEADER, LABEL_HEADER, idx, logits
from safetensors.numpy import load_file

HELD_OUT = 5_000


def measures(weights, digits, labels):
    z = logits(weights, digits)
    p = np.exp(z - z.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    entropies = -(p * np.log(np.maximum(p, 1e-300))).sum(1)
    chosen = p.argmax(1)
    return int((chosen != labels).sum()), float(entropies.mean()), p.shape[1] - len(set(chosen.tolist()))


def main(folders):
    digits = idx("train-images-idx3-ubyte", IMAGE_HEADER).reshape(-1, 784)[-HELD_OUT:] / 255
    labels = idx("train-labels-idx1-ubyte", LABEL_HEADER)[-HELD_OUT:]
    for file in sorted(pathlib.Path(folders[0]).glob("*.safetensors")):
        weights = [load_file(pathlib.Path(folder) / file.name) for folder in folders]
        if any(values.ndim > 2 for values in weights[0].values()):
            continue
        rows = [measures({k: v.astype(float) for k, v in one.items()}, digits, labels) for one in weights]
        for folder, (errors, entropy, silent) in zip(folders, rows):
            print(f"{file.stem}\t{folder}\terrors {errors}\tentropy {entropy:.3f}\tnever chosen {silent}")
        if len(rows) > 1:
            told = [f"{statistics.mean(c):.3f} ± {statistics.stdev(c):.3f}" for c in zip(*rows)]
            print(f"{file.stem}\tall\terrors {told[0]}\tentropy {told[1]}\tnever chosen {told[2]}")


main(sys.argv[1:])
