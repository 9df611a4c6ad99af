import type { Action } from '../policy/action.ts';
import type { Approver } from '../policy/approver.ts';
import type { Rule } from '../policy/authorize.ts';
import type { Grant } from '../policy/grant.ts';
import type { UntrustedSource } from '../shared/approvals.ts';
import type { BudgetLimits, FixedSurroundings, RunKind, RunOrigin, RunParent } from '../shared/events.ts';
import type { Json } from '../shared/json.ts';
import type { RunScope } from './run-scope.ts';

/** What is to be run, by whom it was asked for, and what it may do. */
export interface RunRequest {
  readonly kind: RunKind;
  readonly title: string;
  readonly source: string;
  readonly workspace: string;
  readonly input: Json;
  readonly grants: readonly Grant[];
  readonly rules: readonly Rule[];
  /** What no grant and no rule names is asked of `approver` instead of being denied. */
  readonly askUngranted?: boolean;
  readonly budget?: BudgetLimits;
  /** It draws from nothing that all runs share: a self-test must work when that is used up, too. */
  readonly unshared?: boolean;
  readonly approver: Approver;
  /** What is known to be in its input of strangers' text; what the parent has read is added. */
  readonly untrusted?: readonly UntrustedSource[];
  readonly signal?: AbortSignal;
  /** The conversation that a task belongs to, and the run that it goes on from. */
  readonly session?: string;
  readonly origin?: RunOrigin;
  /** Who starts it waits for `recorded` before anybody hears of it: its first events then go to the disk together. */
  readonly recordedLater?: boolean;
  /** Of a deterministic run: on record, so that it can be run again as it was. */
  readonly fixed?: FixedSurroundings;
  /** See GateOptions. */
  readonly seenAs?: (action: Action) => Action;
  /** The run that starts this one as its child: it ends with it, draws from its budget, and does not wait for a free place. */
  readonly parent?: { readonly scope: RunScope; readonly link: Omit<RunParent, 'run'> };
}
