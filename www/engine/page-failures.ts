/** Failures and refusals of the page's own making. Codes have typed parameters, as those of the lab have. */

import type {
  Allowed as LabAllowed,
  Failure as LabFailure,
  Problem as LabProblem,
  StoppedModel,
} from './generated/types';

/** What is allowed where the page refused something: in a link's view, in a call from a script. */
export type PageAllowed =
  | { code: 'above'; min: number }
  | { code: 'numbers_above'; min: number }
  /** A list of so many numbers. */
  | { code: 'numbers'; count: number; min: number; max: number }
  /** What tells a call of an embedding page from its others. */
  | { code: 'call_id' }
  | { code: 'bytes' }
  /** The beginning of a digest, so many hexadecimal digits. */
  | { code: 'digest'; digits: number }
  | { code: 'callback' }
  /** What a link carries packed: as it was written, of so many bytes, in a browser that can read it. */
  | { code: 'packed_whole' }
  | { code: 'unpacked_bytes'; max: number }
  | { code: 'browser_that_unpacks' };

export type Allowed = LabAllowed | PageAllowed;

/** Something that is wrong: where, what stands there as JSON text (empty: nothing), and what may. */
export type Problem = Omit<LabProblem, 'allowed'> & { allowed: Allowed };

/** Everything that can go wrong outside the lab, by cause. */
export type PageFailure =
  /** `status` is the server's, null where no answer came. */
  | { code: 'fetch_failed'; name: string; status: number | null }
  | { code: 'manifest_unreadable' }
  | { code: 'failed_to_load' }
  | { code: 'no_webassembly' }
  | { code: 'no_api' }
  | { code: 'no_adapter' }
  | { code: 'missing_feature'; feature: string }
  | { code: 'failed_check' }
  | { code: 'gpu_lost' }
  | { code: 'worker_died' }
  | { code: 'worker_closed' }
  | { code: 'engine_crashed' }
  | { code: 'engine_lost' }
  | { code: 'run_stopped' }
  /** A wish that another one has taken the place of; whoever made it does not wait for it any more. */
  | { code: 'overtaken' }
  | { code: 'model_stopped'; models: StoppedModel[] }
  /** A file that the visitor chose, and that has gone since. */
  | { code: 'file_gone' }
  | { code: 'argument_invalid' }
  | { code: 'unexpected' };

/** Every failure, by its code. */
export type KnownFailure = LabFailure | PageFailure;

/** What a failure of this code tells beside its code. */
export type ParametersOf<C extends KnownFailure['code']> = Omit<
  Extract<KnownFailure, { code: C }>,
  'code' | 'problems'
>;
