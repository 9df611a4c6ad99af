import { standingSeed } from '../sandbox/random-seed.ts';
import type { FixedSurroundings } from '../shared/events.ts';

/** Where a deterministic run stands: any moment and any numbers will do, as long as they are always the same. */
const standard: FixedSurroundings = { clock: Date.UTC(2000, 0, 1), seed: standingSeed };

/** `true` for those that every deterministic run has; those on record of one that is run again. */
export type Deterministic = boolean | FixedSurroundings;

/** What a run so asked for finds; `undefined` where time and chance are real, as far as they are granted. */
export function fixedSurroundings(deterministic: Deterministic | undefined): FixedSurroundings | undefined {
  return typeof deterministic === 'object' ? deterministic : deterministic === true ? standard : undefined;
}
