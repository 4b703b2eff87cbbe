/**
 * Colours of a heat map: from the page's surface to the colour of a model's role, in OKLab, where equal steps look equal. What is
 * told by lightness alone is told to those who see no colour, too, and in both themes.
 */

import type { Role } from '../model/roles';
import { ROLE_MARKS } from './role-marks';

/** The share of the role's colour from which on the other ink is the better read, in a light theme and in a dark one. */
const TURNS: Readonly<Record<Role, { readonly light: number; readonly dark: number }>> = {
  teacher: { light: 0.88, dark: 0.645 },
  student: { light: 0.855, dark: 0.61 },
  control: { light: 0.82, dark: 0.625 },
};

/** `share`: 0 for the surface, 1 for the role's colour. */
export function heat(role: Role, share: number): string {
  return `color-mix(in oklab, ${ROLE_MARKS[role].colour} ${(100 * share).toFixed(1)}%, var(--surface))`;
}

/** What is read best on it. */
export function inkOn(role: Role, share: number): string {
  const { light, dark } = TURNS[role];
  return `light-dark(${share < light ? '#000' : '#fff'}, ${share < dark ? '#fff' : '#000'})`;
}
