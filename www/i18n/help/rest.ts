/** What the workbench explains beside the settings. */

import { EXPERIMENT } from './experiment';
import type { HelpLines } from './line';
import { MODEL } from './model';
import { SMALL } from './small';
import { TEACHING } from './teaching';

export const REST: HelpLines = { ...EXPERIMENT, ...MODEL, ...TEACHING, ...SMALL };
