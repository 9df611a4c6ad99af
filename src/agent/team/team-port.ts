import type { Approver } from '../../policy/approver.ts';
import type { Rule } from '../../policy/authorize.ts';
import type { Action } from '../../policy/action.ts';
import type { Grant } from '../../policy/grant.ts';
import type { RunHandle } from '../../run/run-manager.ts';
import type { RunScope } from '../../run/run-scope.ts';
import type { ModelMessage } from '../../models/model-client.ts';
import type { UntrustedSource } from '../../shared/approvals.ts';
import type { BudgetLimits, RunOrigin } from '../../shared/events.ts';
import type { Json } from '../../shared/json.ts';
import type { AgentDefinition } from './agent-definition.ts';

/** How a child goes on that a killed host, or the end of the one who asked, has interrupted. */
export interface ChildContinuation {
  readonly origin: RunOrigin;
  /** Its conversation so far, without the system's words; absent where it had not begun. */
  readonly before?: readonly ModelMessage[];
  readonly told?: string;
  /** What it had read that strangers wrote. */
  readonly untrusted: readonly UntrustedSource[];
}

/** A task that one run gives to another. */
export interface ChildTask {
  readonly agent: AgentDefinition;
  /** `provider/model`; the first that is there where absent. */
  readonly model?: string;
  readonly parent: { readonly scope: RunScope; readonly link: { readonly step: string; readonly key: string; readonly agent: string } };
  readonly grants: (model: string) => readonly Grant[];
  readonly rules: readonly Rule[];
  readonly approver: Approver;
  readonly askUngranted: boolean;
  readonly budget: BudgetLimits;
  /** Where it works, where that is a copy. */
  readonly workspace?: string;
  readonly seenAs?: (action: Action) => Action;
  /** Called with its scope before it does anything. */
  readonly began: (scope: RunScope, model: string) => void;
  /** Puts its workspace in order before it works there. */
  readonly prepare: (scope: RunScope) => Promise<void>;
  /** What it goes on from, where it was interrupted. */
  readonly from?: ChildContinuation;
  /** Completes its result while its resources are still there. */
  readonly completed: (scope: RunScope, result: Json) => Promise<Json>;
}

/** Starts a task as a child run. */
export type StartChild = (task: string, child: ChildTask) => Promise<RunHandle>;

/** What starting a task needs of the team. */
export interface TaskTeam {
  /** Throws `invalid-input` and `invalid-config`. */
  find(agent: string): Promise<AgentDefinition>;
  /** Makes known which model works in a run: that of the agents which it asks, where they name none. */
  enter(scope: RunScope, facts: { readonly model: string }): void;
  /** Lets the agents of a pattern work. */
  compose(scope: RunScope, agent: AgentDefinition, task: string): Promise<Json>;
}
