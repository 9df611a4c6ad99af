import type { UntrustedSource } from './approvals.ts';
import type { ErrorInfo } from './errors.ts';
import type { StoredValue } from './json.ts';
import type { RunState } from './run-state.ts';

export const stepKinds = ['run', 'chain', 'sandbox', 'tool', 'browser', 'mcp', 'http', 'workspace', 'edit', 'model', 'approval', 'agent', 'lease', 'retriever', 'evaluator'] as const;
export type StepKind = (typeof stepKinds)[number];
/** Steps that are a call of something. */
export const callKinds: ReadonlySet<StepKind> = new Set(['tool', 'browser', 'mcp', 'http', 'workspace', 'edit', 'retriever', 'evaluator']);
export type StepStatus = 'ok' | 'error' | 'denied' | 'cancelled';

export const leaseKinds = ['sandbox', 'browser', 'browser-context', 'proxy', 'mcp', 'process', 'temp-dir', 'server'] as const;
export type LeaseKind = (typeof leaseKinds)[number];

/** The run that started another one, and what for. */
export interface RunParent {
  readonly run: string;
  /** The step of `run` that waits for it. */
  readonly step: string;
  /** What was asked of whom, hashed: who resumes `run` and asks the same again gets the recorded result. */
  readonly key: string;
  /** The agent that works in it. */
  readonly agent: string;
}

/** What identifies a leased resource after its owner has died. A pid alone could by then belong to somebody else. */
export interface LeaseIdentity {
  readonly pid?: number;
  /** The kernel's start time of `pid`, opaque; compared for equality only. */
  readonly pidStart?: string;
  /** A folder that belongs to the lease and goes with it, absolute. */
  readonly path?: string;
  /** The git repository that `path` is a worktree of, and that must forget it; absolute. */
  readonly repository?: string;
  /** A loopback port that must be closed afterwards. */
  readonly port?: number;
}

/** Bytes of all connections to one place; `requests` counts connections and plain requests. */
export interface HostTraffic {
  /** `host:port` */
  readonly host: string;
  readonly requests: number;
  readonly received: number;
  readonly sent: number;
}

export interface RefusedTraffic {
  /** As a grant would name it. */
  readonly action: string;
  readonly attempts: number;
  readonly reason: string;
}

/** How far a number can be trusted; sums never mix the marks silently. */
export const marks = ['measured', 'billed', 'computed', 'estimated', 'unknown'] as const;
export type Mark = (typeof marks)[number];

export const meterNames = [
  'run.wall_ms', 'sandbox.wall_ms', 'sandbox.cpu_ms', 'sandbox.memory_bytes', 'sandbox.host_calls',
  'browser.wall_ms', 'browser.cpu_ms', 'browser.memory_bytes', 'browser.pages', 'browser.requests', 'browser.blocked_requests',
  'egress.bytes_in', 'egress.bytes_out', 'mcp.calls', 'mcp.wall_ms', 'mcp.cpu_ms', 'mcp.memory_bytes', 'sandbox.gb_seconds', 'browser.gb_seconds', 'mcp.gb_seconds', 'http.requests',
  'model.input_tokens', 'model.cached_input_tokens', 'model.cache_write_tokens', 'model.output_tokens', 'model.reasoning_tokens', 'model.cost_usd', 'asks',
] as const;
export type MeterName = (typeof meterNames)[number];

/** `trace`: nothing of it was run here; another program has sent what it did. */
export const runKinds = ['chain', 'function', 'task', 'trace'] as const;
export type RunKind = (typeof runKinds)[number];
export type DecisionEffect = 'allow' | 'ask' | 'deny';
/** How a question whether something is allowed was closed. */
export const approvalEnds = ['once', 'run', 'workspace', 'deny', 'timeout', 'nobody', 'ended'] as const;
export type ApprovalEnd = (typeof approvalEnds)[number];

/** `plan`: looks and thinks, changes nothing, and leaves a plan in a file. `act`: does the work. */
export const taskModes = ['act', 'plan'] as const;
export type TaskMode = (typeof taskModes)[number];

export const runOriginKinds = ['follow-up', 'resume', 'fork', 'plan', 'repair', 'again'] as const;
/** Which run a task goes on from. `plan` carries out the plan that the other run has made; `turn` is the last one that counts, of `fork` only. */
export interface RunOrigin {
  readonly kind: (typeof runOriginKinds)[number];
  readonly run: string;
  readonly turn?: number;
}

/** What a deterministic run finds of time and chance: the same in each run that has the same. */
export interface FixedSurroundings {
  /** Where its clock stands, in milliseconds since 1970. */
  readonly clock: number;
  /** 24 hexadecimal digits, from which its random numbers come. */
  readonly seed: string;
}

/** A step of a task list. */
export interface PlanStep {
  readonly text: string;
  readonly state: 'open' | 'doing' | 'done';
}

/** Limits of one run. A missing field is unlimited; the defaults live in run/budget.ts. */
export interface BudgetLimits {
  readonly wallMs?: number;
  readonly steps?: number;
  readonly moneyUsd?: number;
  readonly tokens?: number;
  readonly browserSeconds?: number;
  readonly egressBytes?: number;
}

/** What another program has said of one of its steps. */
export interface ReceivedStep {
  readonly span: string;
  readonly parent?: string;
  readonly kind: StepKind;
  /** As OTLP counts kinds; absent where none was given, and in records of before. */
  readonly spanKind?: number;
  readonly name: string;
  readonly startedAt: number;
  readonly ms: number;
  readonly status: 'unset' | 'ok' | 'error';
  readonly message?: string;
  readonly model?: string;
  /** Taken out of the attributes: `name` is the one that it stood in. */
  readonly input?: { readonly name: string; readonly value: StoredValue };
  readonly output?: { readonly name: string; readonly value: StoredValue };
  readonly attributes: StoredValue;
  /** `[{ at, name, attributes }]` */
  readonly moments?: StoredValue;
  /** `[{ traceId, spanId, attributes }]` */
  readonly links?: StoredValue;
  readonly scope?: { readonly name: string; readonly version: string };
}

interface EventBodies {
  'run.created': {
    readonly kind: RunKind;
    readonly title: string;
    /** The chain file, or `file#export` of a function, relative to the workspace. */
    readonly source: string;
    readonly workspace: string;
    readonly input: StoredValue;
    readonly grants: readonly string[];
    readonly budget: BudgetLimits;
    readonly host: { readonly pid: number; readonly start: string };
    readonly version: string;
    /** Absent where a person or a trigger started it. */
    readonly parent?: RunParent;
    /** The conversation that a task belongs to. */
    readonly session?: string;
    readonly origin?: RunOrigin;
    /** Absent unless it is deterministic. */
    readonly fixed?: FixedSurroundings;
  };
  'run.state': { readonly from: RunState; readonly to: RunState; readonly error?: ErrorInfo };
  /** Somebody asked for the end; the state follows once everything the run created is gone. */
  'run.cancelling': { readonly reason: string };
  'run.result': { readonly value: StoredValue };
  /** The run repeats what a task worked out once, without a model: what the models of that task used. Money is absent where no price was known. */
  'run.replays': { readonly of: string; readonly tokens: number; readonly costUsd?: number };
  'run.progress': { readonly message: string; /** 0 to 1, absent where the end is not known */ readonly fraction?: number };
  'run.log': { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string };
  'step.started': { readonly step: string; readonly parent?: string; readonly kind: StepKind; readonly name: string; readonly input?: StoredValue; /** The call of a model that it answers. */ readonly call?: string };
  'step.ended': { readonly step: string; readonly status: StepStatus; readonly output?: StoredValue; readonly error?: ErrorInfo; readonly ms: number };
  'decision': { readonly step?: string; readonly action: string; readonly effect: DecisionEffect; readonly outcome: 'allowed' | 'denied'; readonly reason: string; readonly rule?: string };
  /** The run waits for a person to allow an action; `deadline` is milliseconds since 1970, and then it counts as no. */
  'approval.asked': { readonly approval: string; readonly step?: string; readonly action: string; readonly cause: 'rule' | 'unlisted' | 'untrusted'; readonly reason: string; readonly deadline: number };
  'approval.closed': { readonly approval: string; readonly how: ApprovalEnd; /** the standing rule that the answer made */ readonly grant?: string; readonly reason?: string };
  /** The run has read text of strangers, from this source for the first time. */
  'untrusted.read': UntrustedSource;
  'lease.created': { readonly lease: string; readonly kind: LeaseKind; readonly label: string; readonly deadline?: number; readonly identity: LeaseIdentity };
  /** The resource's identity became known or changed after it was leased (a browser's pid, a server's port). */
  'lease.identified': { readonly lease: string; readonly identity: LeaseIdentity };
  'lease.destroyed': { readonly lease: string; readonly verified: boolean; readonly how: string; readonly ms: number; readonly error?: ErrorInfo };
  'meter': { readonly meter: MeterName; readonly value: number; readonly mark: Mark; /** how it was measured */ readonly source: string; readonly step?: string; readonly lease?: string };
  /** What the pages of one browser reached and did not reach, at its end. What they tried beyond the first hundred is in the counts of meters only. */
  'egress.used': { readonly lease: string; readonly hosts: readonly HostTraffic[]; readonly refused: readonly RefusedTraffic[] };
  /** A file is about to be written. `before` is what it held, absent where there was no file; `after` is the SHA-256 of what it will hold. */
  'file.written': { readonly step?: string; /** relative to the workspace where it lies inside */ readonly path: string; readonly before?: { readonly blob: string; readonly bytes: number }; readonly after: string };
  /** A child run was started, or one from before an interruption was found; its own journal says the rest. */
  'run.child': { readonly step: string; readonly child: string; readonly agent: string; readonly recorded: boolean };
  /** A message of one agent to the others of its run tree. `number` counts from 1 within the topic. */
  'topic.message': { readonly step?: string; readonly topic: string; readonly number: number; readonly message: StoredValue };
  /** Code of an npm package became part of a program; `sha256` is over names and contents of those of its files that did. */
  'package.used': { readonly step?: string; readonly name: string; readonly version: string; readonly sha256: string; readonly files: number };
  /**
   * The tools that were connected when a task ended, and those of which each request of its conversation told the model. Tokens are those of their definitions, once,
   * estimated as `how` says.
   */
  'tools.known': { readonly tools: number; readonly tokens: number; readonly toldTools: number; readonly toldTokens: number; readonly how: string };
  /** What is recorded here was done by another program, in this trace (32 hex digits). */
  'trace.received': { readonly trace: string; readonly workspace: string; readonly service: string; readonly resource: StoredValue };
  /** A span of that trace, with the id that it has there (16 hex digits). Times are milliseconds since 1970, with fractions. */
  'span.received': ReceivedStep;
  /** That many spans more, and what they say of the whole trace. */
  'trace.grown': { readonly spans: number; readonly bytes: number; readonly from: number; readonly to: number; readonly title?: string; readonly session?: string };
  /** Words by which a person, a chain or another program wants the run to be found. */
  'run.tagged': { readonly add: readonly string[]; readonly remove: readonly string[]; readonly by: 'person' | 'chain' | 'program' };
  'ask': { readonly ask: string; readonly question: string; readonly step?: string; readonly choices?: readonly string[]; /** milliseconds since 1970 */ readonly deadline?: number };
  'answer': { readonly ask: string; readonly answer: string };
  /** Nobody will answer any more: the time was over, nobody could be asked, or the person dismissed the question. */
  'ask.closed': { readonly ask: string; readonly reason: string };
  /** A person said something to a run that goes on. The model gets it before its next turn. */
  'message.queued': { readonly message: string; readonly text: string };
  'message.read': { readonly message: string; /** the turn that begins with it */ readonly step: string };
  'message.withdrawn': { readonly message: string };
  /** The whole task list, each time that it changes. */
  'plan.updated': { readonly steps: readonly PlanStep[]; readonly step?: string };
  /** A check did not pass and the model is to put it right: what it has cost so far, and what the next round is likely to cost. Money is absent where no price is known. */
  'repair.round': {
    readonly round: number; readonly of: number; readonly problem: string; readonly spentTokens: number; readonly spentUsd?: number;
    readonly estimateTokens?: number; readonly estimateUsd?: number; readonly step?: string;
  };
}

export type EventType = keyof EventBodies;
export type EventBody = { [T in EventType]: { readonly type: T } & EventBodies[T] }[EventType];

/** One line of the journal. `seq` counts from 1 within its run without gaps; `at` is milliseconds since 1970. */
export type JournalEvent = EventBody & { readonly run: string; readonly seq: number; readonly at: number };
export type EventOf<T extends EventType> = Extract<JournalEvent, { readonly type: T }>;
