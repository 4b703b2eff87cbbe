/** The compression shelf: every measured model by what it takes and what it gets wrong, and by how it was made. */

import type { Compression, Config, Model, ModelCost, Transform } from '../engine/generated/types';
import { type Costs, fileBytes } from './costs';
import { own } from './own';
import { derivedFrom, netOf, type Role, roleOf, teachersOf } from './roles';

/** What a model takes, as the plot's axis across has it. */
export type SizeMeasure = 'bytes' | 'multiply_adds' | 'effective' | 'microseconds';

export const SIZE_MEASURES: readonly SizeMeasure[] = ['bytes', 'multiply_adds', 'effective', 'microseconds'];

/** How a model was made small. */
export type Way =
  | 'pruned'
  | 'quantised'
  | 'ternary'
  | 'narrowed'
  | 'copied_layers'
  /** Hidden layers are products of two thin matrices. */
  | 'thin'
  /** All blocks have the weights of one. */
  | 'shared';

/** What the shelf has a mark for: a network of its own, one way, or several. */
export type Making = 'own' | Way | 'several';

export const MAKINGS: readonly Making[] = [
  ...['own', 'pruned', 'quantised', 'ternary', 'narrowed'],
  ...['copied_layers', 'thin', 'shared', 'several'],
] as Making[];

export interface Measured {
  readonly errors: number;
  readonly evaluated: number;
  /** Ends of the 95 % interval of the error count. */
  readonly errors_interval: readonly number[];
}

export interface ShelfModel extends Measured {
  readonly name: string;
  readonly role: Role;
  readonly making: Making;
  /** Whether a teacher had a part in it: its own, or that of a model that it is a frozen copy of. */
  readonly isTaught: boolean;
  /** The model that it is made from, or null. */
  readonly source: string | null;
  /** The model that is the same but for its teacher, of one that is taught. */
  readonly twin: string | null;
  readonly cost: ModelCost;
}

const COMPRESSIONS = { prune: 'pruned', quantise: 'quantised', ternarise: 'ternary' } as const;

function wayOf(compression: Compression): Way | undefined {
  const [kind] = Object.keys(compression);
  return own(COMPRESSIONS as Readonly<Record<string, Way>>, kind ?? '');
}

function narrowing(by: Transform): Way[] {
  if (by === 'strongest_units') return ['narrowed'];
  return typeof by === 'object' && 'copy_layers' in by ? ['copied_layers'] : [];
}

/** What makes the network itself small. */
function within(config: Config, name: string): Way[] {
  const net = netOf(config, name);
  if (!net) return [];
  if ('mlp' in net) return (net.mlp.rank ?? null) === null ? [] : ['thin'];
  return 'vit' in net && net.vit.shared ? ['shared'] : [];
}

/** Ways that leave a network of other layers; all others hold the weights that it has. */
const OF_LAYERS: readonly Way[] = ['narrowed', 'copied_layers'];

/** The model whose trained weights this one begins with as they are, or null. */
function copyOf(model: Model | undefined): { from: string; isFrozen: boolean } | null {
  const init = model?.init;
  if (!init || !('derive' in init) || init.derive.by !== 'copy') return null;
  return { from: init.derive.from, isFrozen: init.derive.frozen === true };
}

/**
 * The ways in which a model was made small, each once. What a copy has from its source is among them: all of it where it is
 * frozen; otherwise its layers alone, for weights that were cut may grow again.
 */
export function waysOf(config: Config, name: string, seen: readonly string[] = []): Way[] {
  const model = own(config.models, name);
  if (!model || seen.includes(name)) return [];
  const { init } = model;
  const copy = copyOf(model);
  const inherited = copy === null ? [] : waysOf(config, copy.from, [...seen, name]);
  const ways = [
    ...inherited.filter((way) => copy?.isFrozen || OF_LAYERS.includes(way)),
    ...within(config, name),
    ...(init && 'derive' in init ? narrowing(init.derive.by) : []),
    ...(model.compress ?? []).flatMap((compression) => wayOf(compression) ?? []),
  ];
  return [...new Set(ways)];
}

function isTaught(config: Config, name: string, seen: readonly string[] = []): boolean {
  const model = own(config.models, name);
  if (!model || seen.includes(name)) return false;
  if (teachersOf(model).length > 0) return true;
  const init = model.init;
  const source = init && 'derive' in init && init.derive.frozen ? init.derive.from : null;
  return source !== null && isTaught(config, source, [...seen, name]);
}

/** What a model is, its teachers and its objective apart: equal texts are twins. */
function makeup(config: Config, name: string, seen: readonly string[] = []): string {
  const model = own(config.models, name);
  if (!model || seen.includes(name)) return name;
  const { init } = model;
  const derive = init && 'derive' in init ? init.derive : null;
  // Models that nobody taught otherwise are made from the same model; what differs in a taught one may be its source.
  const source = derive && (derive.frozen ? makeup(config, derive.from, [...seen, name]) : derive.from);
  const begins = derive ? [derive.by, derive.frozen, source] : init && 'pretrained' in init ? init : 'drawn';
  return JSON.stringify([
    netOf(config, name),
    model.compress ?? [],
    model.replaces ?? null,
    begins,
    model.tasks ?? null,
    model.training ?? config.training,
    model.transfer_set ?? config.transfer_set,
  ]);
}

/** The first model that is the same as a taught one but for its teacher, or null. */
export function twinOf(config: Config, name: string): string | null {
  if (!isTaught(config, name)) return null;
  const wanted = makeup(config, name);
  const others = Object.keys(config.models).filter((other) => other !== name && !isTaught(config, other));
  return others.find((other) => makeup(config, other) === wanted) ?? null;
}

/** Every model that has been measured, in the config's order. */
export function shelfModels(
  config: Config | null,
  costs: Costs,
  measuredOf: (name: string) => Measured | null,
): ShelfModel[] {
  if (!config) return [];
  return Object.entries(config.models).flatMap(([name, model]) => {
    const [measured, cost] = [measuredOf(name), own(costs, name)];
    if (!measured || !cost) return [];
    const { errors, evaluated, errors_interval } = measured;
    const ways = waysOf(config, name);
    return [
      {
        ...{ name, errors, evaluated, errors_interval, cost },
        role: roleOf(config, name),
        making: ways.length > 1 ? 'several' : (ways[0] ?? 'own'),
        isTaught: isTaught(config, name),
        source: derivedFrom(model),
        twin: twinOf(config, name),
      },
    ];
  });
}

/** What a model takes by a measure; null while it is not known. */
export function sizeOf(cost: ModelCost, measure: SizeMeasure): number | null {
  if (measure === 'bytes') return fileBytes(cost);
  if (measure === 'multiply_adds') return cost.multiply_adds;
  if (measure === 'effective') return cost.stored?.effective_multiply_adds ?? cost.multiply_adds;
  return cost.microseconds_a_digit ?? null;
}

/** A mark of the plot. */
export interface Placed {
  readonly model: ShelfModel;
  readonly size: number;
}

/** Models whose size by a measure is known, the smallest first, of equals the one with fewer errors. */
export function placed(models: readonly ShelfModel[], measure: SizeMeasure): Placed[] {
  const known = models.flatMap((model) => {
    const size = sizeOf(model.cost, measure);
    return size === null ? [] : [{ model, size }];
  });
  return known.sort((a, b) => a.size - b.size || a.model.errors - b.model.errors);
}

/** Those that no other beats: none has at most as many errors and is at most as large. Of marks that are in order of size. */
export function frontier(marks: readonly Placed[]): Placed[] {
  let fewest = Number.POSITIVE_INFINITY;
  return marks.filter(({ model: { errors } }) => {
    const isFewer = errors < fewest;
    fewest = Math.min(fewest, errors);
    return isFewer;
  });
}
