import type { Json, JsonObject } from '../../src/shared/json.ts';
import type { StreamAnswer } from '../../test/fixtures/models/answer.ts';

/** The results of the calls so far, parsed, in order. */
export type Results = readonly Json[];

export interface MultiToolTask {
  readonly name: string;
  readonly text: string;
  /** What each turn of a model that calls tools directly says, computed from the results that it was sent: as many calls at once as can be known. */
  readonly direct: readonly ((results: Results) => StreamAnswer)[];
  /** Words to search with, the code that looks at a sample of what the tools give, and the code that does the work. */
  readonly searches: readonly string[];
  readonly sample: string;
  readonly code: string;
  /** What must have been done at the end, in any order: by tool and arguments. */
  readonly effects: () => readonly JsonObject[];
}
