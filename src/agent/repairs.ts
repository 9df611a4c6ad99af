import type { RunScope } from '../run/run-scope.ts';
import type { ModelUse } from '../shared/conversation.ts';
import type { JournalEvent } from '../shared/events.ts';
import { formatUsd } from '../shared/money.ts';
import { wholeNumber } from '../shared/whole-number.ts';
import { modelUseOf } from './model-use.ts';

export interface RepairsOptions {
  readonly scope: RunScope;
  /** The journal so far. */
  readonly events: () => readonly JournalEvent[];
  /** Rounds at most. */
  readonly limit: number;
  /** Counts up with everything that the model does in the world or looks at. */
  readonly activity: () => number;
}

export const defaultRepairs = 3;

/** Rounds in which a model puts right what a check found: bounded, and each with its price on record before it begins. */
export class Repairs {
  readonly #options: RepairsOptions;
  #rounds = 0;
  #activity = -1;
  #before: ModelUse = { inputTokens: 0, outputTokens: 0, tokensMark: 'measured' };

  constructor(options: RepairsOptions) {
    this.#options = options;
  }

  get rounds(): number {
    return this.#rounds;
  }

  /** Whether the model gets another round. It gets none beyond the limit, and none where it has done nothing since the last one: it insists. */
  begin(problem: string, step: string): boolean {
    const { scope, events, limit, activity } = this.#options;
    const active = activity();
    if (this.#rounds >= limit || active === this.#activity) return false;
    this.#activity = active;
    const spent = modelUseOf(events());
    const round = ++this.#rounds;
    const tokens = spent.inputTokens + spent.outputTokens;
    // As much as the round before it took, the first as much as all work so far: nothing else is known of it.
    const estimateTokens = tokens - this.#before.inputTokens - this.#before.outputTokens;
    const estimateUsd = spent.costUsd === undefined ? undefined : spent.costUsd - (this.#before.costUsd ?? 0);
    this.#before = spent;
    scope.journal.append({
      type: 'repair.round', round, of: limit, problem, spentTokens: tokens, estimateTokens, step,
      ...(spent.costUsd === undefined ? {} : { spentUsd: spent.costUsd }), ...(estimateUsd === undefined ? {} : { estimateUsd }),
    });
    scope.log('info', `The check did not pass: ${problem} Round ${round} of ${limit} to put it right. So far ${amount(tokens, spent.costUsd)}; this round may take about ${amount(estimateTokens, estimateUsd)} more, as much as the one before.`);
    return true;
  }
}

function amount(tokens: number, usd: number | undefined): string {
  return `${wholeNumber(tokens)} tokens${usd === undefined ? ', price unknown' : `, ${formatUsd(usd)}`}`;
}
