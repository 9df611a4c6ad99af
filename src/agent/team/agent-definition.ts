import type { BudgetLimits } from '../../shared/events.ts';
import type { ErrorInfo, SourceLocation } from '../../shared/errors.ts';
import type { JsonSchema } from '../../shared/json.ts';
import type { ExecutorName } from '../executors/executor.ts';

export const patternNames = ['chain', 'parallel', 'route', 'reflect'] as const;
export type PatternName = (typeof patternNames)[number];

/** How an agent lets others work instead of working itself. */
export interface AgentPattern {
  readonly kind: PatternName;
  /** Names of agents, in their order; for `reflect` the one who works and the one who judges. */
  readonly agents: readonly string[];
  /** Where the file names each of them, in the same order. */
  readonly places: readonly SourceLocation[];
  /** Of `reflect`: how often the work is judged at most. */
  readonly rounds: number;
}

/** An agent as its file says it: who it is, and what it may have at most. What it gets is never more than the run that asks it has. */
export interface AgentDefinition {
  /** The name of the file without its ending. */
  readonly name: string;
  /** Relative to the workspace; absent for the one that is built in. */
  readonly path?: string;
  readonly description: string;
  /** What it is told about itself: the text below the front matter. */
  readonly role: string;
  /** Names of tools, with `*` for any rest; every tool where it is absent. */
  readonly tools?: readonly string[];
  /** `provider/model`; that of the run which asks where it is absent. */
  readonly model?: string;
  readonly executor?: ExecutorName;
  /** What its answer must fit. */
  readonly output?: JsonSchema;
  /** Beside reading the workspace. */
  readonly grants: readonly string[];
  readonly budget?: BudgetLimits;
  readonly maxTurns?: number;
  /** It works on a copy of the workspace, and its changes come back together at its end. */
  readonly worktree: boolean;
  /** Topics whose messages are given to it as tasks. */
  readonly topics: readonly string[];
  readonly pattern?: AgentPattern;
}

export interface BrokenAgent {
  readonly name: string;
  readonly path: string;
  readonly problems: readonly [ErrorInfo, ...ErrorInfo[]];
}

export function isBrokenAgent(agent: AgentDefinition | BrokenAgent): agent is BrokenAgent {
  return 'problems' in agent;
}

export const agentFolder = '.assassin/agents';

/** Who works where no agent is named. */
export const helper: AgentDefinition = {
  name: 'helper', description: 'Does a part of the work of the one who asks.', grants: [], worktree: false, topics: [],
  role: 'You do one part of a larger piece of work for another agent. Give back what it needs to go on, and nothing else.',
};
