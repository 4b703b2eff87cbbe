/** What the engine warns of while it trains, in the reader's language. */

import type { LossTerm, StoppedModel, Warning } from '../../engine/generated/types';
import { count, exact, list } from '../../i18n/format';
import { m } from '../../i18n/messages';
import { modelName } from '../../model/names';
import { own } from '../../model/own';
import { type Words, worded } from './table';

const TERMS: Readonly<Record<Extract<LossTerm, string>, () => string>> = {
  hard: m.warning_term_hard,
  soft: m.warning_term_soft,
  total: m.warning_term_total,
};

function termName(term: LossTerm): string {
  if (typeof term === 'string') return TERMS[term]();
  return m.warning_term_imitated({ number: count(term.imitated + 1) });
}

const WARNINGS: Words<Warning> = {
  loss_not_finite: ({ term, step, learning_rate }) =>
    m.warning_loss_not_finite({ term: termName(term), step: count(step), rate: exact(learning_rate) }),
  teacher_stopped: ({ other }) => m.warning_teacher_stopped({ other: modelName(other) }),
};

/** A warning, about a model where it is about one. */
export function warningWords(model: string | null, warning: Warning): string {
  const message = worded(WARNINGS, warning);
  return model === null ? message : m.warning_line({ model: modelName(model), message });
}

const STOPPED: Readonly<Record<Warning['code'], (model: { model: string }) => string>> = {
  loss_not_finite: m.stopped_loss_not_finite,
  teacher_stopped: m.stopped_teacher_stopped,
};

/** Models that did not come to their end, each with why. */
export function stoppedWords(models: readonly StoppedModel[]): string {
  const lines = models.map(({ name, stopped: code }) => {
    const model = modelName(name);
    return own(STOPPED, code)?.({ model }) ?? m.stopped_otherwise({ model, code });
  });
  return list(lines);
}
