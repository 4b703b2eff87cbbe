// The networks that every engine trains here: names, configs and the multiplications of one digit's forward pass.

const SIDE = 28;
const CLASSES = 10;

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** As in src/nets/mlp.rs. */
function mlp(width) {
  const widths = [SIDE * SIDE, width, width, CLASSES];
  return {
    name: `MLP ${widths.join('-')}`,
    net: { mlp: { hidden: [width, width] } },
    multiplications: sum(widths.slice(1).map((to, index) => (widths[index] + 1) * to)),
  };
}

/** As in src/nets/cnn.rs. */
function cnn(channels, hidden) {
  let side = SIDE;
  let from = 1;
  let multiplications = 0;
  for (const to of channels) {
    side = side + 1 - 5;
    multiplications += (from * 25 + 1) * to * side * side;
    side /= 2;
    from = to;
  }
  multiplications += (side * side * from + 1) * hidden + (hidden + 1) * CLASSES;
  return {
    name: `CNN ${channels.join('-')}-${hidden}`,
    net: { cnn: { channels, kernel: 5, hidden: [hidden] } },
    multiplications,
  };
}

/** As in src/nets/vit.rs. */
function vit(width, depth, heads) {
  const tokens = 16;
  const norm = 2 * tokens * width;
  const linear = tokens * (4 * width * width + 2 * width * 2 * width);
  const block = 2 * norm + linear + 2 * tokens * tokens * width;
  return {
    name: `ViT ${width}, ${depth} blocks`,
    net: { vit: { width, depth, heads, mlp_width: 2 * width } },
    multiplications: tokens * 49 * width + depth * block + norm + width * CLASSES,
  };
}

/** As in src/nets/rnn.rs. */
function rnn(units) {
  return {
    name: `BiLSTM ${units}`,
    net: { rnn: { units } },
    multiplications: 2 * SIDE * ((SIDE + units) * 4 * units + 3 * units) + 2 * units * CLASSES,
  };
}

/** Words of WIDTHS beside widths of perceptrons. */
export const NAMED = {
  cnn: cnn([16, 32], 128),
  vit: vit(32, 2, 4),
  'vit-64': vit(64, 3, 4),
  rnn: rnn(32),
  'rnn-64': rnn(64),
};

/** What a word stands for. */
export const netOf = (word) => NAMED[word] ?? mlp(Number(word));
