import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Reading } from '../../engine/generated/types';
import { useLocale } from '../../i18n/locale.svelte';
import { agreementText, readingsText } from './own-words';

beforeAll(() => {
  vi.stubGlobal('document', { documentElement: {} });
  useLocale('en');
});

const reading = (change: Partial<Reading>): Reading => ({
  symmetry: 'upright',
  inverted: false,
  stretched: false,
  ...change,
});
const look = (agreed: number, better: [Reading, number] | null = null) => ({
  teacher: 'mnist-cnn',
  looked_at: 300,
  agreed,
  better: better && { reading: better[0], agreed: better[1] },
});

describe('words about own pictures', () => {
  it('lists what a reading does, and several readings one after another', () => {
    expect(readingsText([reading({ symmetry: 'transposed', inverted: true })])).toBe(
      'mirrored at the diagonal (transposed), ink and paper exchanged (inverted)',
    );
    expect(readingsText([reading({ symmetry: 'turned_left' }), reading({ stretched: true })])).toBe(
      'turned anticlockwise by 90°, grey values stretched to 0–255',
    );
  });

  it('says the share of labels, and what it would be read otherwise', () => {
    expect(agreementText(look(296))).toBe('The teacher agrees with 99% of the labels (300 checked).');
    expect(agreementText(look(21, [reading({ symmetry: 'transposed' }), 288]))).toMatch(
      /with 7% of .* another reading: mirrored at the diagonal \(transposed\)\. The teacher would then agree with 96%\.$/,
    );
    expect(agreementText(look(21))).toMatch(/check whether the labels belong/);
  });

  it('says neither all nor none where it is not so', () => {
    expect(agreementText(look(299))).toMatch(/99\.7%/);
    expect(agreementText(look(1))).toMatch(/0\.3%/);
    expect(agreementText(look(300))).toMatch(/100%/);
  });
});
