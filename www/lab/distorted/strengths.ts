/** What can be done to digits, and how much of it: the strengths that are measured, in pixels, degrees or shares of ink. */

import type { Distortion } from '../../engine/generated/types';
import { count, exact, percent } from '../../i18n/format';
import { m } from '../../i18n/messages';

interface Kind {
  /** Rising from 0, the digit as it is. */
  readonly strengths: readonly number[];
  readonly name: () => string;
  /** What the axis of strengths is called, with its unit. */
  readonly axis: () => string;
  /** A strength with its unit, as in “turned by 30°”. */
  readonly words: (strength: number) => string;
}

export const DISTORTIONS: readonly Distortion[] = ['shift', 'tilt', 'noise', 'thicken'];

export const KINDS: Readonly<Record<Distortion, Kind>> = {
  shift: {
    strengths: [0, 1, 2, 3, 4, 5, 6, 7, 8],
    name: m.distorted_shift,
    axis: m.distorted_shift_axis,
    words: (strength) => m.distorted_shift_words({ strength: count(strength) }),
  },
  tilt: {
    strengths: [0, 8, 16, 24, 32, 40, 48, 56, 64],
    name: m.distorted_tilt,
    axis: m.distorted_tilt_axis,
    words: (strength) => m.distorted_tilt_words({ strength: count(strength) }),
  },
  noise: {
    strengths: [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.6],
    name: m.distorted_noise,
    axis: m.distorted_noise_axis,
    words: (strength) => m.distorted_noise_words({ strength: percent(strength, 0) }),
  },
  thicken: {
    strengths: [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4],
    name: m.distorted_thicken,
    axis: m.distorted_thicken_axis,
    words: (strength) => m.distorted_thicken_words({ strength: exact(strength) }),
  },
};
