/** What was found of two models, as a sentence. */

import { count, pValue } from '../../i18n/format';
import { m } from '../../i18n/messages';
import { modelName } from '../../model/names';
import { SIGNIFICANT } from '../../model/significance';
import type { Finding } from '../../model/verdict';

type Errors = (model: string) => number;

export function findingParts(
  { a, b, pValue: p }: Finding,
  errorsOf: Errors,
): Record<'a' | 'b' | 'errorsA' | 'errorsB' | 'p', string> {
  const [errorsA, errorsB] = [count(errorsOf(a)), count(errorsOf(b))];
  return { a: modelName(a), b: modelName(b), errorsA, errorsB, p: pValue(p, SIGNIFICANT) };
}

export function findingWords(finding: Finding, errorsOf: Errors): string {
  const words = { better: m.verdict_better, worse: m.verdict_worse, same: m.verdict_same }[finding.kind];
  return words(findingParts(finding, errorsOf));
}
