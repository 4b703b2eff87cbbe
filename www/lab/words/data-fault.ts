/** What is wrong with a file of digits or a drawing, as half a sentence that begins with what it is about. */

import type { DataFault } from '../../engine/generated/types';
import { count } from '../../i18n/format';
import { m } from '../../i18n/messages';
import { clipped } from './clipped';
import { type Words, worded } from './table';

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** Digests are told by their beginning; whoever compares them finds them whole in the details. */
const DIGEST_CHARACTERS = 12;
export const shortDigest = (digest: string): string => digest.slice(0, DIGEST_CHARACTERS);

const sizes = ({ found, expected }: { found: number; expected: number }) => ({
  found: count(found),
  expected: count(expected),
});

const place = ({ line, column }: { line: number; column: number }) => ({
  line: count(line),
  column: count(column),
});

const ofHeader = ({ digits, ...bytes }: { digits: number; found: number; expected: number }) => ({
  digits: count(digits),
  ...sizes(bytes),
});

const FAULTS: Words<DataFault> = {
  header_short: ({ bytes }) => m.fault_header_short({ bytes: count(bytes) }),
  not_idx: ({ begins }) => m.fault_not_idx({ begins: begins.map(hex).join(' ') }),
  value_type: ({ found }) => m.fault_value_type({ found: `0x${hex(found)}` }),
  rank: (fault) => m.fault_rank(sizes(fault)),
  header_cut: m.fault_header_cut,
  no_digits: m.fault_no_digits,
  truncated: (fault) => m.fault_truncated(ofHeader(fault)),
  trailing_bytes: (fault) => m.fault_trailing_bytes(ofHeader(fault)),
  size: ({ height, width, side }) =>
    m.fault_size({ height: count(height), width: count(width), side: count(side) }),
  label: ({ index, label, max }) =>
    m.fault_label({ number: count(index + 1), label: count(label), max: count(max) }),
  counts: ({ images, labels }) => m.fault_counts({ images: count(images), labels: count(labels) }),
  partial_digit: ({ values }) => m.fault_partial_digit({ values: count(values) }),
  overlap: ({ first }) => m.fault_overlap({ number: count(first + 1) }),
  bytes: (fault) => m.fault_bytes(sizes(fault)),
  unpacked_bytes: (fault) => m.fault_unpacked_bytes(sizes(fault)),
  checksum: ({ found, expected }) =>
    m.fault_checksum({ found: shortDigest(found), expected: shortDigest(expected) }),
  other_set: ({ set, found, expected }) =>
    m.fault_other_set({ set: clipped(set), found: shortDigest(found), expected: shortDigest(expected) }),
  sheet_short: ({ bytes, digits }) => m.fault_sheet_short({ bytes: count(bytes), digits: count(digits) }),
  drawing: ({ values, expected }) => m.fault_drawing({ values: count(values), expected: count(expected) }),
  unpack: () => m.fault_unpack(),
  grey_values: (fault) => m.fault_grey_values(place(fault)),
  pictures: ({ found, least }) => m.fault_pictures({ found: count(found), least: count(least) }),
  picture_size: ({ index, ...values }) =>
    m.fault_picture_size({ number: count(index + 1), ...sizes(values) }),
};

export function dataFaultWords(fault: DataFault): string {
  return worded(FAULTS, fault);
}
