/** How each role is drawn, everywhere: a colour, and a dash and a marker for those who do not see it. */

import type { Role } from '../model/roles';

export interface RoleMark {
  readonly colour: string;
  readonly dash: string;
  readonly strokeWidth: number;
  readonly symbol: 'circle' | 'square' | 'diamond' | 'triangle' | 'star' | 'cross';
}

export const ROLE_MARKS: Readonly<Record<Role, RoleMark>> = {
  teacher: { colour: 'var(--teacher)', dash: '6 4', strokeWidth: 2, symbol: 'diamond' },
  student: { colour: 'var(--student)', dash: '', strokeWidth: 3, symbol: 'circle' },
  control: { colour: 'var(--control)', dash: '', strokeWidth: 1.5, symbol: 'square' },
};

/** The soft term's dash, for a student's second line. */
export const SOFT_TERM_DASH = '2 3';
