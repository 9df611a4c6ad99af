import type { UntrustedSource } from '../shared/approvals.ts';
import { AssassinError } from '../shared/errors.ts';
import type { EventBody } from '../shared/events.ts';
import { describeAction, grantFor, hostOf, type Action, type McpAction } from './action.ts';
import type { Approver } from './approver.ts';
import { AskPerson, keyOf, type CheckOptions, type Verdict } from './ask-person.ts';
import { begin } from './attenuate.ts';
import { authorize, type Decision, type Rule } from './authorize.ts';
import type { DecisionBook } from './decisions.ts';
import { denialHint } from './denial-hint.ts';
import type { GrantUse, UsedUp } from './grant-meter.ts';
import { grantUsedUp } from './grant-used-up.ts';
import { permits, type Grant } from './grant.ts';
import { LastDecision } from './last-decision.ts';
import { hangsOnDefinition, mayLook } from './may-look.ts';
import { ReadMarks } from './read-marks.ts';
import { sourceOf, UntrustedFiles } from './untrusted-files.ts';

export interface GateOptions {
  readonly run: string;
  /** What the person knows the run by. */
  readonly title?: string;
  /** The agent that works in the run. */
  readonly agent?: string;
  readonly workspace: string;
  readonly grants: readonly Grant[];
  readonly rules: readonly Rule[];
  /** What the person has decided for the workspace. */
  readonly decisions?: DecisionBook;
  /** Asks the person about what nothing names. */
  readonly askUngranted?: boolean;
  readonly approver: Approver;
  /** Milliseconds after which a question counts as answered with no. */
  readonly approvalTimeoutMs?: number;
  /** What the gate takes an action for, where files of a run lie elsewhere than they seem to: in a copy of the workspace. */
  readonly seenAs?: (action: Action) => Action;
  /** What the run that started this one has read. */
  readonly untrusted?: readonly UntrustedSource[];
  /** Shared by the runs of a workspace: what one writes, another may read. */
  readonly untrustedFiles?: UntrustedFiles;
  readonly signal: AbortSignal;
  /** Writes to the journal, before the effect; where it gives a promise, that is when it resolves. */
  readonly record: (event: Extract<EventBody, { type: 'decision' | 'meter' | 'approval.asked' | 'approval.closed' | 'untrusted.read' }>) => void | Promise<void>;
  /** Marks the run as waiting for a person while the promise is open. */
  readonly waiting: <T>(work: () => Promise<T>) => Promise<T>;
  /** Takes secrets out of what a person is shown. */
  readonly redact?: <T>(value: T) => T;
}

/** So many actions of a run are kept to show what an offered rule would match. */
const keptActions = 200;
const noRules: readonly Rule[] = [];

/** The one gate of a run: every side effect passes `check` with its final, resolved action, or does not happen. */
export class Gate {
  readonly #options: GateOptions;
  readonly #grants: readonly Grant[];
  readonly #isMetered: boolean;
  readonly #person: AskPerson;
  readonly #marks: ReadMarks;
  readonly #last: LastDecision;
  readonly #files: UntrustedFiles;
  /** What a person has allowed once, with the steps that go on under it. */
  readonly #once = new Map<string, { readonly action: Action; readonly steps: Set<string> }>();
  readonly #seen = new Map<string, Action>();
  #lastSeen: Action | undefined;
  #lastText = '';
  /** The call of a tool whose answer was handed on last: that it was read is on record. */
  #lastRead: McpAction | undefined;

  constructor(options: GateOptions) {
    const { approvalTimeoutMs, untrusted = [], record, workspace } = options;
    this.#options = options;
    this.#files = options.untrustedFiles ?? new UntrustedFiles(workspace);
    this.#grants = begin(options.grants);
    this.#last = new LastDecision(this.#grants);
    this.#isMetered = this.#grants.some(({ meter }) => meter !== undefined);
    this.#person = new AskPerson({ ...options, ...(approvalTimeoutMs === undefined ? {} : { timeoutMs: approvalTimeoutMs }) });
    this.#marks = new ReadMarks(workspace, untrusted, (source) => record({ type: 'untrusted.read', ...source }));
  }

  /** Those that the run was started with, with what is left of their limits. */
  get grants(): readonly Grant[] {
    return this.#grants;
  }

  /** Whether anything that it may do is counted against a limit of its grants. */
  get isMetered(): boolean {
    return this.#isMetered;
  }

  /** What a run that this one starts must keep to as well. */
  get terms(): Pick<GateOptions, 'rules' | 'approver'> & { readonly askUngranted: boolean } {
    const { rules, approver, askUngranted = false } = this.#options;
    return { rules, approver, askUngranted };
  }

  /** What the run has read that strangers wrote, oldest first. */
  get untrusted(): readonly UntrustedSource[] {
    return this.#marks.sources;
  }

  /** The answer to this action is about to be handed on: the run is marked, if strangers may have written it. */
  hasRead(action: Action, step?: string): void {
    // What was said of a tool once is no news.
    if (action === this.#lastRead) return;
    const source = sourceOf(action, this.#files);
    if (action.kind === 'mcp') this.#lastRead = action;
    if (source !== undefined) this.mark({ ...source, ...(step === undefined ? {} : { step }) });
  }

  /** From now on the run counts as one that has read this. */
  mark(source: UntrustedSource): void {
    this.#marks.add(source);
  }

  /** Resolves where the action may go on, throws `denied` with what would allow it where it may not. */
  async check(action: Action, step?: string, { tool, preview, partOf }: CheckOptions = {}): Promise<void> {
    const { signal, record } = this.#options;
    signal.throwIfAborted();
    let decision = this.#decide(action);
    // Nothing is awaited between the last look and the question: two that ask in one tick would both be first.
    for (let ahead = this.#ahead(action, decision); ahead !== undefined; ahead = this.#ahead(action, decision)) {
      await ahead;
      signal.throwIfAborted();
      decision = this.#decide(action);
    }
    // A loop calls the same tool again, and the same text need not be looked through for secrets again.
    const text = action === this.#lastSeen ? this.#lastText : describeAction(action);
    const held = decision.effect === 'ask' ? this.#held(action, decision, step, partOf) : undefined;
    const verdict = decision.effect === 'ask' && held === undefined ? await this.#person.ask({ action, decision, step, tool, preview, untrusted: this.untrusted, seen: [...this.#seen.values()] }) : undefined;
    const settled = verdict === undefined ? held : sentenceOf(verdict);
    const allowed = verdict?.allowed ?? (decision.effect === 'allow' || held !== undefined);
    const recorded = record({
      type: 'decision', action: text, effect: decision.effect, outcome: allowed ? 'allowed' : 'denied',
      reason: settled === undefined ? decision.reason : `${decision.reason} ${settled}`,
      ...(step === undefined ? {} : { step }),
      ...(decision.rule === undefined ? {} : { rule: decision.rule }),
    });
    signal.throwIfAborted();
    this.#remember(action, text);
    if (!allowed) throw this.#denial(action, text, decision, verdict?.allowed === false ? verdict : undefined);
    if (action.kind === 'fs.write' && this.untrusted.length > 0) this.#files.written(action.path);
    if (verdict === undefined && held === undefined) this.#marks.reached(action);
    else if (step !== undefined || held === undefined) this.#allowOnce(action, step);
    // Counted before anything is waited for: of two calls in one tick, the second one must find what is left.
    decision.grant?.meter?.use({ calls: 1 });
    if (recorded !== undefined) {
      await recorded;
      signal.throwIfAborted();
    }
  }

  /** For synchronous callers that must not ask, such as the egress proxy: what has to be asked counts as a denial, unless the person has allowed it for a step that goes on. */
  allows(action: Action): boolean {
    const { effect } = this.#decide(action);
    if (effect === 'allow' && action.kind === 'net') this.#marks.reached(action);
    return effect === 'allow' || (effect === 'ask' && this.#once.has(keyOf(action)));
  }

  /** Whether what was decided in a step still holds for what has turned out to be the tool: allowed as such, or allowed once before its definition was known. */
  allowsInStep(action: McpAction, step: string): boolean {
    const { effect } = this.#decide(action);
    if (effect !== 'ask') return effect === 'allow';
    const { server, tool, pins } = action;
    return [...this.#once.values()].some(({ action: past, steps }) =>
      steps.has(step) && past.kind === 'mcp' && past.server === server && past.tool === tool && past.pins?.server === pins?.server && (past.pins?.tool ?? pins?.tool) === pins?.tool);
  }

  /** Whether an MCP server may be started only to see its tools. */
  mayLook(action: McpAction): boolean {
    return mayLook(action, this.#grants, this.#rules());
  }

  /** Whether a call can be decided on only when the server has said what the tool is now. */
  mustLook(action: McpAction): boolean {
    return hangsOnDefinition(action, this.#grants, this.#rules()) && mayLook(action, this.#grants, this.#rules());
  }

  /** Counts bytes or money against the grant that allows the action. False where that went over: then the next `check` refuses. */
  used(action: Action, use: GrantUse): boolean {
    return this.#count(action, use) === undefined;
  }

  /** As `used`, for what can be stopped in the middle. Throws `budget-exceeded`, which names the grant, its limit and the host; what has been used counts all the same. */
  spend(action: Action, use: GrantUse): void {
    const over = this.#count(action, use);
    if (over !== undefined) throw grantUsedUp(action, over.grant, over.usedUp);
  }

  /** US dollars that the grant which allows the action has left, `Infinity` where it sets no limit. */
  moneyLeft(action: Action): number {
    if (this.#grants.every(({ meter }) => meter?.limits.usd === undefined)) return Number.POSITIVE_INFINITY;
    return this.#payer(action)?.meter?.left('usd') ?? Number.POSITIVE_INFINITY;
  }

  #count(action: Action, use: GrantUse): { readonly grant: Grant; readonly usedUp: UsedUp } | undefined {
    if (!this.#isMetered) return undefined;
    const grant = this.#payer(action);
    const host = hostOf(action);
    const usedUp = grant?.meter?.use({ ...use, ...(host === undefined ? {} : { host }) });
    return grant === undefined || usedUp === undefined ? undefined : { grant, usedUp };
  }

  #payer(action: Action): Grant | undefined {
    // One that is used up decides nothing any more; the action was allowed by it all the same.
    return this.#decide(action).grant ?? this.#grants.find((each) => permits(each, action));
  }

  /** A step has ended: what was allowed once, for it, is over. */
  ended(step: string): void {
    for (const [key, { steps }] of this.#once) if (steps.delete(step) && steps.size === 0) this.#once.delete(key);
  }

  /**
   * Of calls that wait at once for answers of one kind, the first one asks and the others are decided on anew when it is answered: twenty files that are to
   * be written make one question where the answer is for the folder, and not twenty.
   */
  #ahead(action: Action, { effect, cause }: Decision): Promise<unknown> | undefined {
    return effect === 'ask' && cause !== 'rule' ? this.#person.ahead(action) : undefined;
  }

  #decide(action: Action): Decision {
    const { askUngranted = false, seenAs, rules, decisions } = this.#options;
    const { answers } = this.#person;
    const { untrusted, places } = this.#marks;
    return this.#last.of(action, { rules, decisions: decisions?.rules ?? noRules, answers, untrusted, places }, () => authorize(seenAs?.(action) ?? action, this.#grants, this.#rules(), { askUngranted, answers, untrusted }));
  }

  /** What the person decides counts from that moment, in runs that go on too. */
  #rules(): readonly Rule[] {
    const { rules, decisions } = this.#options;
    return decisions === undefined || decisions.rules.length === 0 ? rules : [...rules, ...decisions.rules];
  }

  /**
   * Why no person is asked although the decision says so; `undefined` where one is. Whoever makes a resource checks again, for a step in which a person has already allowed
   * it; and a part of an action that is allowed needs no question of its own.
   */
  #held(action: Action, { cause }: Decision, step: string | undefined, partOf: Action | undefined): string | undefined {
    if (cause !== 'unlisted') return undefined;
    if (step === undefined && [...this.#once.get(keyOf(action))?.steps ?? []].some((each) => each !== '')) return 'It was allowed once, for a step that goes on.';
    return partOf !== undefined && this.#holds(partOf, step) ? `It is part of "${describeAction(partOf)}", which was allowed.` : undefined;
  }

  #holds(action: Action, step = ''): boolean {
    return this.#decide(action).effect === 'allow' || this.#once.get(keyOf(action))?.steps.has(step) === true;
  }

  #allowOnce(action: Action, step = ''): void {
    const key = keyOf(action);
    const held = this.#once.get(key) ?? { action, steps: new Set() };
    held.steps.add(step);
    this.#once.set(key, held);
  }

  #remember(action: Action, text: string): void {
    if (action === this.#lastSeen) return;
    this.#lastSeen = action;
    this.#lastText = text;
    this.#seen.delete(text);
    this.#seen.set(text, action);
    if (this.#seen.size > keptActions) this.#seen.delete(this.#seen.keys().next().value ?? '');
  }

  #denial(action: Action, text: string, decision: Decision, verdict: Exclude<Verdict, { allowed: true }> | undefined): AssassinError {
    const hint = denialHint(grantFor(action, this.#options.workspace), decision, verdict?.how);
    return new AssassinError('denied', `Not allowed: ${text}. ${decision.reason}${verdict === undefined ? '' : ` ${sentenceOf(verdict)}`}`, { hint, data: { action: text, ...(verdict === undefined ? {} : { how: verdict.how }) } });
  }
}

function sentenceOf(verdict: Verdict): string {
  switch (verdict.how) {
    case 'once':
      return 'The person allowed it once.';
    case 'run':
      return `The person allowed "${verdict.grant}" for this run.`;
    case 'workspace':
      return `The person allowed "${verdict.grant}" in this workspace.`;
    case 'deny':
      return verdict.reason === undefined ? 'The person said no.' : `The person said no: ${verdict.reason}`;
    case 'timeout':
      return 'Nobody answered in time.';
    case 'nobody':
      return 'Nobody could be asked.';
    case 'ended':
      return 'The run ended before there was an answer.';
  }
}
