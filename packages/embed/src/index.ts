/** The package: the element, which is known as soon as this is imported, the client, and their types. */

import { DistilleryLab, define, type LabEvents } from './element.js';

export { DistilleryClient } from './client.js';
export * from './contract.js';
export type { LabEvents, LabState } from './element.js';
export type { Config, Grid, Record } from './schema.js';
export { DistilleryLab };

declare global {
  interface HTMLElementTagNameMap {
    'distillery-lab': DistilleryLab;
  }
  interface HTMLElementEventMap extends CustomLabEvents {}
}

type CustomLabEvents = { [T in keyof LabEvents]: CustomEvent<LabEvents[T]> };

define();
