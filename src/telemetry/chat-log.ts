import { waitsAfter, type ChatItem, type ChatItemOf, type ChatKind, type Picture, type RunUse } from '../shared/chat.ts';
import type { ModelUse } from '../shared/conversation.ts';
import type { EventOf, JournalEvent, Mark, PlanStep } from '../shared/events.ts';
import { isObject, type Json, type StoredValue } from '../shared/json.ts';
import { isTerminal } from '../shared/run-state.ts';
import { aboutOf } from './about.ts';
import { leastSure, unused } from './model-use.ts';

/** A turn whose answer lies beside the journal: whoever shows it reads its words from there. */
export type Draft = ChatItem & { readonly stored?: StoredValue };

/** What a turn shows by other means than as a call: the plan, the question, the end. */
const shownOtherwise = new Set(['set_plan', 'ask_person', 'finish']);
const picturesKept = 12;
/** Of one turn; a model that is asked again without end would otherwise make a page of it. */
const notesKept = 20;
const clipped = (text: string, limit: number) => (text.length <= limit ? text : `${text.slice(0, limit)}…`);

const inline = (value: StoredValue | undefined): Json | undefined => (value && 'json' in value ? value.json : undefined);
const textIn = (value: Json | undefined, field: string): string | undefined => {
  const found = isObject(value) ? value[field] : undefined;
  return typeof found === 'string' ? found : undefined;
};

/** The conversation of a run as its journal tells it. Events are added as they come: a long run is not read from its beginning at each of them. */
export class ChatLog {
  readonly items: Draft[] = [];
  plan: readonly PlanStep[] = [];
  seq = 0;
  readonly #byId = new Map<string, number>();
  /** The call that a step happens in. */
  readonly #owner = new Map<string, string>();
  readonly #hidden = new Map<string, string>();
  /** Steps of agents that are no turns: they are shown only where they have started runs. */
  readonly #quiet = new Map<string, string>();
  #use: RunUse = { ...unused, steps: 0, asks: 0, waits: { overMs: 0 } };
  /** The shortening that goes on: what it says of itself is shown as what it is. */
  #shortening: string | undefined;
  /** The actions of questions that are open, and by action how the last one was closed: that is told before the decision. */
  readonly #asked = new Map<string, string>();
  readonly #answered = new Map<string, EventOf<'approval.closed'>>();
  #turns = 0;
  /** The answer that is waited for. */
  #awaited: string | undefined;
  #result: Json | undefined;

  get use(): RunUse {
    return this.#use;
  }

  add(events: readonly JournalEvent[]): void {
    for (const event of events) {
      this.seq = event.seq;
      this.#take(event);
    }
  }

  #take(event: JournalEvent): void {
    switch (event.type) {
      case 'run.created': {
        const task = inline(event.input);
        const words = textIn(task, 'task') ?? ('blob' in event.input ? event.input.preview : event.title);
        this.#push(event, 'run', { kind: 'person', text: words, pictures: 0, state: 'read', ...('blob' in event.input ? { stored: event.input } : {}) });
        break;
      }
      case 'step.started':
        this.#use = { ...this.#use, steps: this.#use.steps + 1 };
        this.#begin(event);
        break;
      case 'step.ended':
        this.#end(event);
        break;
      case 'meter':
        this.#meter(event);
        break;
      case 'run.child':
        this.#child(event);
        break;
      case 'file.written':
        this.#push(event, `write ${event.seq}`, { kind: 'edit', path: event.path, write: event.seq, created: event.before === undefined });
        break;
      case 'ask':
        this.#push(event, event.ask, { kind: 'question', ask: event.ask, question: event.question, choices: event.choices ?? [] });
        break;
      case 'answer':
        this.#change(event, event.ask, 'question', () => ({ answer: event.answer }));
        break;
      case 'ask.closed':
        this.#change(event, event.ask, 'question', () => ({ closed: event.reason }));
        break;
      case 'message.queued':
        this.#push(event, event.message, { kind: 'person', text: event.text, pictures: 0, message: event.message, state: 'queued' });
        break;
      case 'message.read':
        this.#change(event, event.message, 'person', () => ({ state: 'read' }));
        break;
      case 'message.withdrawn':
        this.#change(event, event.message, 'person', () => ({ state: 'withdrawn' }));
        break;
      case 'plan.updated':
        this.plan = event.steps;
        break;
      case 'repair.round': {
        const { round, of, problem, spentTokens, spentUsd, estimateTokens, estimateUsd } = event;
        this.#push(event, `repair ${event.seq}`, {
          kind: 'repair', round, of, problem: clipped(problem, 2000), spentTokens,
          ...(spentUsd === undefined ? {} : { spentUsd }), ...(estimateTokens === undefined ? {} : { estimateTokens }), ...(estimateUsd === undefined ? {} : { estimateUsd }),
        });
        break;
      }
      case 'approval.asked':
        this.#asked.set(event.approval, event.action);
        break;
      case 'approval.closed': {
        const action = this.#asked.get(event.approval);
        this.#asked.delete(event.approval);
        if (action !== undefined) this.#answered.set(action, event);
        break;
      }
      case 'decision':
        if (event.outcome === 'denied' || event.effect === 'ask') this.#decide(event);
        break;
      case 'run.log':
        this.#log(event);
        break;
      case 'run.result':
        this.#result = inline(event.value);
        break;
      case 'run.state':
        this.#use = { ...this.#use, waits: waitsAfter(this.#use.waits, event) };
        if (isTerminal(event.to)) this.#finish(event);
        break;
      default:
        break;
    }
  }

  #decide(event: EventOf<'decision'>): void {
    const { seq, action, effect, outcome, reason } = event;
    const closed = effect === 'ask' ? this.#answered.get(action) : undefined;
    this.#push(event, `decision ${seq}`, {
      kind: 'decision', action, asked: effect === 'ask', allowed: outcome === 'allowed', reason,
      ...(closed === undefined ? {} : { how: closed.how, ...(closed.reason === undefined ? {} : { words: closed.reason }) }),
    });
  }

  #begin(event: EventOf<'step.started'>): void {
    const { step, parent, kind, name, input } = event;
    const owner = parent === undefined ? undefined : this.#owner.get(parent);
    if (owner !== undefined) {
      this.#owner.set(step, owner);
      this.#change(event, owner, 'call', (call) => ({ steps: call.steps + 1 }));
    } else if (kind === 'model') {
      this.#awaited = step;
      this.#push(event, step, { kind: 'turn', turn: numberIn(inline(input), 'turn') ?? this.#turns, model: name, status: 'running', text: '', more: false });
    } else if (kind === 'agent') {
      if (/^Turn \d+$/.test(name)) this.#turns += 1;
      else if (name === 'Compaction') {
        this.#shortening = step;
        this.#push(event, step, { kind: 'shortened', status: 'running', before: numberIn(inline(input), 'tokens') ?? 0, whole: false });
      }
      else this.#quiet.set(step, name);
    } else if (kind !== 'run') {
      if (name === 'set_plan') this.#plan(inline(input));
      this.#owner.set(step, step);
      if (shownOtherwise.has(name)) this.#hidden.set(step, name);
      else this.#push(event, step, { kind: 'call', name, status: 'running', steps: 0, pictures: [], children: [], ...optional('about', aboutOf(input)) });
    }
  }

  #end(event: EventOf<'step.ended'>): void {
    const { step, status, output, error, ms, at } = event;
    const picture = pictureIn(inline(output));
    const owner = this.#owner.get(step);
    if (picture && owner !== undefined) this.#change(event, owner, 'call', ({ pictures }) => (pictures.length < picturesKept && !pictures.some(({ blob }) => blob === picture.blob) ? { pictures: [...pictures, picture] } : {}));
    // What ends the task or asks the person is told where that happens; only its failure is a call like others.
    const hidden = this.#hidden.get(step);
    if (hidden !== undefined && error) this.#push(event, step, { kind: 'call', name: hidden, status, endedAt: at, problem: clipped(error.message, 300), steps: 0, pictures: [], children: [] });
    if (step === this.#shortening) this.#shortening = undefined;
    if (step === this.#awaited) this.#awaited = undefined;
    this.#change(event, step, 'shortened', () => ({ status, ...optional('after', numberIn(inline(output), 'tokens')) }));
    if (this.#quiet.get(step) === 'Whole conversation' && status === 'ok') {
      for (const item of this.items) if (item.kind === 'shortened' && !item.whole) this.#change(event, item.id, 'shortened', () => ({ whole: true }));
    }
    this.#change(event, step, 'call', () => ({ status, endedAt: at, ...(error ? { problem: clipped(error.message, 300) } : {}) }));
    this.#change(event, step, 'turn', () => {
      const value = inline(output);
      return { status, ms, text: textIn(value, 'text') ?? '', ...optional('reasoning', textIn(value, 'reasoning')), ...(error ? { error } : {}), ...(output && 'blob' in output ? { stored: output } : {}) };
    });
  }

  /** What is said while an answer is waited for is about that answer, and stands with it: on its own it would stand below what it has led to. */
  #log(event: EventOf<'run.log'>): void {
    const { level } = event;
    if (level === 'debug' || (this.#shortening !== undefined && level === 'info')) return;
    const note = { level, text: clipped(event.message, 2000) };
    if (this.#awaited === undefined) this.#push(event, `log ${event.seq}`, { kind: 'note', ...note });
    else this.#change(event, this.#awaited, 'turn', ({ notes = [] }) => ({ notes: [...notes, note].slice(-notesKept) }));
  }

  #child(event: EventOf<'run.child'>): void {
    const { step, child: run, agent, recorded } = event;
    const quiet = this.#quiet.get(step);
    if (quiet !== undefined && !this.#owner.has(step)) {
      this.#owner.set(step, step);
      this.#push(event, step, { kind: 'call', name: quiet, status: 'running', steps: 0, pictures: [], children: [] });
    }
    this.#change(event, this.#owner.get(step) ?? step, 'call', ({ children }) => ({ children: [...children, { run, agent, recorded }] }));
  }

  #meter(event: EventOf<'meter'>): void {
    const { meter, value, mark, step } = event;
    if (meter === 'asks') this.#use = { ...this.#use, asks: this.#use.asks + value };
    if (meter !== 'model.input_tokens' && meter !== 'model.output_tokens' && meter !== 'model.cost_usd') return;
    this.#use = { ...this.#use, ...added(this.#use, meter, value, mark) };
    if (step !== undefined) this.#change(event, step, 'turn', ({ use }) => ({ use: added(use ?? unused, meter, value, mark) }));
  }

  #plan(input: Json | undefined): void {
    const steps = isObject(input) ? input['steps'] : undefined;
    if (!Array.isArray(steps)) return;
    this.plan = steps.flatMap((step: Json): PlanStep[] => {
      const state = textIn(step, 'state');
      const text = textIn(step, 'text');
      return text !== undefined && (state === 'open' || state === 'doing' || state === 'done') ? [{ text, state }] : [];
    });
  }

  #finish(event: EventOf<'run.state'>): void {
    const result = this.#result;
    const verification = textIn(result, 'verification');
    const answer = isObject(result) && 'answer' in result ? result['answer'] : result;
    const said = this.items.findLast((item): item is Draft & ChatItemOf<'turn'> => item.kind === 'turn')?.text;
    const text = answer === undefined || answer === null ? undefined : typeof answer === 'string' ? answer : `\`\`\`json\n${JSON.stringify(answer, null, 2)}\n\`\`\``;
    this.#push(event, 'end', {
      kind: 'end', state: event.to, evidence: textsIn(result, 'evidence'), changed: textsIn(result, 'changed'),
      ...(event.error ? { error: event.error } : {}),
      ...(verification === 'verified' || verification === 'unverified' ? { verification } : {}),
      ...optional('why', textIn(result, 'why')),
      ...optional('plan', textIn(result, 'plan')),
      ...optional('answer', text !== undefined && text.trim() !== said?.trim() ? text : undefined),
    });
  }

  #push(event: JournalEvent, id: string, body: DraftBody): void {
    this.#byId.set(id, this.items.length);
    this.items.push({ id, index: this.items.length, seq: event.seq, at: event.at, ...body });
  }

  #change<K extends ChatKind>(event: JournalEvent, id: string, kind: K, change: (item: ChatItemOf<K>) => Partial<ChatItemOf<K>> & { readonly stored?: StoredValue }): void {
    const index = this.#byId.get(id);
    const item = index === undefined ? undefined : this.items[index];
    if (index === undefined || !isKind(item, kind)) return;
    this.items[index] = { ...item, ...change(item), seq: event.seq };
  }
}

type DraftBody = { [K in ChatKind]: Omit<ChatItemOf<K>, 'id' | 'index' | 'seq' | 'at'> & { readonly stored?: StoredValue } }[ChatKind];

function isKind<K extends ChatKind>(item: Draft | undefined, kind: K): item is Draft & ChatItemOf<K> {
  return item?.kind === kind;
}

function added(use: ModelUse, meter: 'model.input_tokens' | 'model.output_tokens' | 'model.cost_usd', value: number, mark: Mark): ModelUse {
  if (meter === 'model.cost_usd') return { ...use, costUsd: (use.costUsd ?? 0) + value, costMark: leastSure(use.costMark, mark) };
  const { inputTokens, outputTokens } = use;
  const tokens = meter === 'model.input_tokens' ? { inputTokens: inputTokens + value } : { outputTokens: outputTokens + value };
  return { ...use, ...tokens, tokensMark: leastSure(use.tokensMark, mark) };
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : { [key]: value } as { readonly [P in K]?: V };
}

function numberIn(value: Json | undefined, field: string): number | undefined {
  const found = isObject(value) ? value[field] : undefined;
  return typeof found === 'number' ? found : undefined;
}

function textsIn(value: Json | undefined, field: string): readonly string[] {
  const found = isObject(value) ? value[field] : undefined;
  return Array.isArray(found) ? found.filter((each): each is string => typeof each === 'string') : [];
}

function pictureIn(value: Json | undefined): Picture | undefined {
  if (!isObject(value)) return undefined;
  const { blob, bytes, mediaType } = value;
  return typeof blob === 'string' && typeof bytes === 'number' && typeof mediaType === 'string' && mediaType.startsWith('image/') ? { blob, bytes, mediaType } : undefined;
}
