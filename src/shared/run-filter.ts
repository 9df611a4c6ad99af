import type { RunKind } from './events.ts';
import type { RunState } from './run-state.ts';

/** What runs may be narrowed down to; all that is given must hold. */
export interface RunFilter {
  /** One of these. */
  readonly states?: readonly RunState[];
  /** One of these. */
  readonly kinds?: readonly RunKind[];
  /** It asked a model with one of these in its name, in any letter case. */
  readonly models?: readonly string[];
  /** It called a tool with one of these in its name, in any letter case. */
  readonly tools?: readonly string[];
  /** All of these. */
  readonly tags?: readonly string[];
  /** The conversation that it belongs to. */
  readonly session?: string;
  /** US dollars. A run without a known price is neither cheap nor dear: it passes neither limit. */
  readonly minCostUsd?: number;
  readonly maxCostUsd?: number;
  /** When it was created: from, and before, in milliseconds since 1970. */
  readonly from?: number;
  readonly to?: number;
  /** Milliseconds that it took at least; runs that go on have not taken any yet. */
  readonly minMs?: number;
}

/** What can be chosen from in the runs of a workspace, each list sorted. */
export interface RunFacets {
  readonly models: readonly string[];
  readonly tools: readonly string[];
  readonly tags: readonly string[];
}

export function isFiltered(filter: RunFilter): boolean {
  return Object.values(filter).some((value: unknown) => (Array.isArray(value) ? value.length > 0 : value !== undefined));
}
