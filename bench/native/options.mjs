// What `make bench-native` can be told, by environment variables of these names.

import { netOf as layered, whole } from '../options.mjs';

const MOST_WIDTH = 2048;

/** Networks that are no perceptrons, by the words that NETS has for them. */
const OTHERS = {
  cnn: layered('cnn'),
  vit: { name: 'ViT 32, 2 blocks', net: { vit: {} } },
  rnn: { name: 'BiLSTM 32', net: { rnn: {} } },
};

/** What a word of NETS stands for: a name and a network as in a config. */
export const netOf = (word) => OTHERS[word] ?? layered(word);

function nets(text) {
  const found = text.split(/[\s,]+/).filter(Boolean);
  const isNet = (word) => word in OTHERS || (/^\d+$/.test(word) && word >= 1 && word <= MOST_WIDTH);
  if (found.length === 0 || !found.every(isNet)) {
    const others = Object.keys(OTHERS).join(', ');
    throw new Error(`NETS="${text}": allowed are whole numbers from 1 to ${MOST_WIDTH}, and ${others}`);
  }
  return [...new Set(found)];
}

function yesOrNo(text) {
  if (text !== 'yes' && text !== 'no') throw new Error(`DOC="${text}": allowed is yes or no`);
  return text;
}

/** Name, default, and how its text is read. */
const VARIABLES = [
  ['NETS', '30 300 800 1200 cnn vit rnn', nets],
  ['BATCH', '128', whole('BATCH', 1, 2048)],
  ['REPEATS', '9', whole('REPEATS', 1, 100)],
  ['DOC', 'yes', yesOrNo],
];

/** Reads the options from an environment; throws an error that names the variable and what it may be. */
export const optionsOf = (environment) =>
  Object.fromEntries(
    VARIABLES.map(([name, preset, reader]) => [name, reader(environment[name]?.trim() || preset)]),
  );
