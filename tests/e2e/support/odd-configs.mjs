// Configs as chance makes them of others, by the declaration alone: a field that it gets is drawn too.

import { readFileSync } from 'node:fs';

const TYPES = JSON.parse(
  readFileSync(new URL('../../../www/engine/generated/schema.json', import.meta.url), 'utf8'),
).$defs;

/** A node and everything it stands for, without null. */
function meanings(node) {
  const named = node.$ref ? TYPES[node.$ref.split('/').pop()] : undefined;
  const within = [...(named ? [named] : []), ...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  return [node, ...within.flatMap(meanings)].filter(({ type }) => type !== 'null');
}

const has = (all, type) => all.some((one) => [one.type].flat().includes(type));

/** The things that a choice may be: a word, or one name with settings. */
function choices(all) {
  const words = all
    .filter(({ const: word }) => word !== undefined)
    .map(({ const: word }) => ({ name: word }));
  const named = all
    .filter((one) => one.properties && Object.keys(one.properties).length === 1)
    .map(({ properties }) => Object.entries(properties)[0])
    .map(([name, settings]) => ({ name, settings }));
  return words.length + named.length > 1 ? [...words, ...named] : [];
}

/** What a field begins as: as by default, or the least that it must have. */
function first(node) {
  if (node.default !== undefined) return structuredClone(node.default);
  const all = meanings(node);
  const [choice] = choices(all);
  if (choice) return choice.settings ? { [choice.name]: first(choice.settings) } : choice.name;
  if (has(all, 'boolean')) return true;
  if (has(all, 'array')) return [];
  if (has(all, 'number') || has(all, 'integer'))
    return all.find(({ minimum }) => minimum !== undefined)?.minimum ?? 0;
  if (has(all, 'string')) return '';
  const { required = [], properties = {} } = all.find((one) => one.properties) ?? {};
  return Object.fromEntries(required.map((name) => [name, first(properties[name])]));
}

function number(all, value, draw) {
  const bound = (name) => all.find((one) => one[name] !== undefined)?.[name];
  const near = (value || 1) * 2 ** (2 * draw() - 1);
  const held = Math.min(bound('maximum') ?? near, Math.max(bound('minimum') ?? 0, near));
  return has(all, 'integer') ? Math.round(held) : Number(held.toPrecision(3));
}

/** A number that changes over training. */
function schedule(all, value, draw) {
  const some = () => number(all, typeof value === 'number' ? value : 1, draw);
  const kinds = [
    some,
    () => ({ linear: { from: some(), to: some() } }),
    () => ({ cosine: { from: some(), to: some() } }),
    () => ({ step: { from: some(), to: some(), at: 0.25 } }),
    () => ({ points: [0, 0.4, 1].map((at) => ({ at, value: some() })) }),
  ];
  return kinds[Math.floor(draw() * kinds.length)]();
}

/** A value of a node with some of what is in it, a `share`, another by chance. */
function changed(node, value, draw, share) {
  const all = meanings(node);
  const alike = (inner, item) => changed(inner, item, draw, share);
  if (node.$ref?.endsWith('/Schedule')) return draw() < share ? schedule(all, value, draw) : value;
  const options = choices(all);
  if (options.length > 0) {
    if (draw() < share) {
      const { name, settings } = options[Math.floor(draw() * options.length)];
      return settings ? { [name]: first(settings) } : name;
    }
    const [name, inner] = typeof value === 'object' ? Object.entries(value)[0] : [value];
    const { settings } = options.find((option) => option.name === name) ?? {};
    return settings ? { [name]: alike(settings, inner) } : value;
  }
  if (Array.isArray(value)) {
    const { items } = all.find((one) => one.items);
    const rest = value.length > 1 && draw() < share / 4 ? value.slice(1) : value;
    return rest.map((item) => alike(items, item));
  }
  if (typeof value === 'object') {
    const { properties, additionalProperties } = all.find(
      (one) => one.properties || one.additionalProperties,
    );
    const fields = Object.entries(properties ?? {}).filter(([name]) => (value[name] ?? null) === null);
    const made = Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== null)
        .map(([name, item]) => [name, alike(properties?.[name] ?? additionalProperties, item)]),
    );
    // A field that nobody has to set.
    for (const [name, field] of fields) if (draw() < share / 4) made[name] = first(field);
    return made;
  }
  if (draw() >= share) return value;
  if (typeof value === 'boolean') return !value;
  return typeof value === 'number' ? number(all, value, draw) : value;
}

/** A config with one field in so many another one. Whether it can be run, the lab has to say. */
export function oddConfig(config, draw, share) {
  const odd = changed({ $ref: '#/$defs/Config' }, config, draw, share);
  return { ...odd, version: 1, seed: Math.floor(draw() * 1000) };
}
