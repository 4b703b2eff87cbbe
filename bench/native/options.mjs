// What `make bench-native` can be told, by environment variables of these names.

import { nets, whole } from '../options.mjs';

function yesOrNo(text) {
  if (text !== 'yes' && text !== 'no') throw new Error(`DOC="${text}": allowed is yes or no`);
  return text;
}

/** Name, default, and how its text is read. */
const VARIABLES = [
  ['NETS', '30 300 800 1200 cnn vit vit-64 rnn rnn-64', nets('NETS')],
  ['BATCH', '128', whole('BATCH', 1, 2048)],
  ['REPEATS', '9', whole('REPEATS', 1, 100)],
  ['DOC', 'yes', yesOrNo],
];

/** Reads the options from an environment; throws an error that names the variable and what it may be. */
export const optionsOf = (environment) =>
  Object.fromEntries(
    VARIABLES.map(([name, preset, reader]) => [name, reader(environment[name]?.trim() || preset)]),
  );
