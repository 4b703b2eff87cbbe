/** Maps that are ready to run: two fields whose interplay tells something of distillation. */

import type { Config } from '../../engine/generated/types';
import { m } from '../../i18n/messages';
import { sweepFields } from './fields';

interface PresetAxis {
  readonly path: string;
  readonly values: readonly number[];
}

export interface Preset {
  readonly name: string;
  readonly label: string;
  /** Across, then down. */
  readonly axes: readonly [PresetAxis, PresetAxis];
}

type Wanted = readonly [field: RegExp, values: readonly number[]];

const TEMPERATURE = /\.objective\.temperature(\.|$)/;
const MAPS: readonly [name: string, label: () => string, across: Wanted, down: Wanted][] = [
  ['width', m.map_preset_width, [TEMPERATURE, [1, 2, 4, 8, 16]], [/\.net\.mlp\.hidden$/, [8, 16, 32, 64]]],
  [
    ...(['weight', m.map_preset_weight] as const),
    [TEMPERATURE, [1, 2, 4, 8, 16]],
    [/\.objective\.hard_weight(\.|$)/, [0, 0.1, 0.3, 0.6, 1]],
  ],
  [
    ...(['labels', m.map_preset_labels] as const),
    [/^transfer_set\.digits$/, [500, 1000, 2000, 4000]],
    [/^transfer_set\.unlabelled$/, [0, 0.5, 0.9, 0.98]],
  ],
];

/** Those whose fields a config has. */
export function presets(config: Config): Preset[] {
  const paths = sweepFields(config).map(({ path }) => path);
  const axis = ([field, values]: Wanted): PresetAxis[] => {
    const path = paths.find((one) => field.test(one));
    return path === undefined ? [] : [{ path, values }];
  };
  return MAPS.flatMap(([name, label, across, down]) => {
    const [first, second] = [...axis(across), ...axis(down)];
    return first && second ? [{ name, label: label(), axes: [first, second] as const }] : [];
  });
}
