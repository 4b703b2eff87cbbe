// What `make bench` can be told, by environment variables of these names.

import { ENGINES } from './engines/index.mjs';
import { NAMED } from './networks.mjs';

const BACKENDS = ['cpu', 'webgpu'];
const MOST_WIDTH = 2048;

const words = (text) => text.split(/[\s,]+/).filter(Boolean);

function listOf(name, allowed) {
  return (text) => {
    const found = words(text);
    const wrong = found.filter((word) => !allowed.includes(word));
    if (found.length === 0 || wrong.length > 0) {
      throw new Error(`${name}="${text}": allowed are one or more of ${allowed.join(', ')}`);
    }
    return [...new Set(found)];
  };
}

/** Hidden widths of perceptrons, and other networks by name. */
export function nets(name) {
  return (text) => {
    const found = words(text);
    const isNet = (word) => word in NAMED || (/^\d+$/.test(word) && word >= 1 && word <= MOST_WIDTH);
    if (found.length === 0 || !found.every(isNet)) {
      const names = Object.keys(NAMED).join(', ');
      throw new Error(`${name}="${text}": allowed are whole numbers from 1 to ${MOST_WIDTH}, and ${names}`);
    }
    return [...new Set(found)];
  };
}

/** A reader of whole numbers. */
export function whole(name, least, most) {
  return (text) => {
    if (!/^\d+$/.test(text) || Number(text) < least || Number(text) > most) {
      throw new Error(`${name}="${text}": allowed are whole numbers from ${least} to ${most}`);
    }
    return Number(text);
  };
}

function oneOf(name, allowed) {
  return (text) => {
    if (!allowed.includes(text))
      throw new Error(`${name}="${text}": allowed is one of ${allowed.join(', ')}`);
    return text;
  };
}

/** Name, default, and how its text is read. */
const VARIABLES = [
  ['WIDTHS', '30 300 800 1200 cnn vit vit-64 rnn rnn-64', nets],
  ['GPU_WIDTHS', '30 300', nets],
  ['BATCH', '128', (name) => whole(name, 1, 2048)],
  ['REPEATS', '5', (name) => whole(name, 1, 100)],
  ['ENGINES', Object.keys(ENGINES).join(' '), (name) => listOf(name, Object.keys(ENGINES))],
  ['BACKENDS', BACKENDS.join(' '), (name) => listOf(name, BACKENDS)],
  ['TERMS', 'yes', (name) => oneOf(name, ['no', 'yes'])],
  ['ADAPTER', 'swiftshader', (name) => oneOf(name, ['swiftshader', 'hardware'])],
  ['ISOLATED', 'no', (name) => oneOf(name, ['no', 'yes'])],
  ['DOC', 'yes', (name) => oneOf(name, ['no', 'yes'])],
];

/** Reads the options from an environment; throws an error that names the variable and what it may be. */
export function optionsOf(environment) {
  return Object.fromEntries(
    VARIABLES.map(([name, preset, reader]) => [name, reader(name)(environment[name]?.trim() || preset)]),
  );
}

/** The options of this process's environment; says what is wrong with them and ends it otherwise. */
export function optionsOrEnd(read) {
  try {
    return read(process.env);
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}
