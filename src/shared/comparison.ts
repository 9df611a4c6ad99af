import type { RunSummary, Span } from './dto.ts';
import type { Mark, StepKind } from './events.ts';

/** One of two runs that are compared, with what it and all runs below it used. */
export interface ComparedSide extends Pick<RunSummary, 'id' | 'title' | 'kind' | 'state' | 'createdAt' | 'durationMs' | 'steps'> {
  /** Read and written together. */
  readonly tokens: number;
  readonly costUsd: number;
  readonly costMark: Mark;
}

/** A step in one of the two runs. */
export interface StepFacts {
  readonly id: string;
  readonly name: string;
  readonly status: Span['status'];
  /** Absent where no end is on record. */
  readonly ms?: number;
  /** What the step itself used, read and written together; absent where it asked no model. */
  readonly tokens?: number;
  /** Absent where the step asked no model, or no price is known. */
  readonly costUsd?: number;
}

export type Difference = 'missing' | 'name' | 'status' | 'input' | 'output';

/** Steps of both runs that stand for the same work, or a step that only one of them has. */
export interface ComparedStep {
  readonly depth: number;
  readonly kind: StepKind;
  readonly a?: StepFacts;
  readonly b?: StepFacts;
  /** Time, tokens and cost are no differences: they are in the facts. */
  readonly differences: readonly Difference[];
}

export interface RunComparison {
  readonly a: ComparedSide;
  readonly b: ComparedSide;
  /** In the order of the first run; what only the second has stands behind what it came after there. */
  readonly steps: readonly ComparedStep[];
  readonly sameResult: boolean;
}
