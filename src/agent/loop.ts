import type { ModelMessage } from '../models/model-client.ts';
import { AssassinError, describeError, toErrorInfo } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { askModel, type AskOptions, type ModelAnswer } from './ask-model.ts';
import { withOwnId } from './conversation/rebuild.ts';
import { makeRoom, tokensOf, windowOf } from './compaction.ts';
import { mayAskAgain } from './policies/retry.ts';
import { nextMove } from './policies/stop.ts';
import type { Inbox } from './inbox.ts';
import type { Pictures } from './pictures/pictures.ts';
import type { ResultStore } from './result-store.ts';
import type { WholeConversation } from './whole-conversation.ts';
import type { ToolCalls } from './tool-calls.ts';

export interface LoopOptions extends AskOptions {
  /** What the conversation begins with. */
  readonly opening: readonly ModelMessage[];
  readonly calls: ToolCalls;
  readonly results: ResultStore;
  readonly maxTurns: number;
  /** What a tool has ended the task with, `undefined` while it goes on. */
  readonly finished: () => Json | undefined;
  /** What the person says meanwhile; told to the model before its next turn. */
  readonly inbox?: Inbox;
  /** What the person says as it is told, with what they name in it. */
  readonly heard?: (text: string, step: string) => Promise<ModelMessage>;
  /** Looks at an end before it counts. What it gives is said to the model, which then goes on. */
  readonly review?: (end: LoopEnd, step: string) => Promise<string | undefined>;
  readonly pictures?: Pictures;
  /** Asked for before each turn. */
  readonly whole?: WholeConversation;
  /** The conversation was shortened to these messages. */
  readonly shortened?: (messages: readonly ModelMessage[]) => void;
  /** The task goes on although it had been finished. */
  readonly reopen?: () => void;
}

/** How a task ends that does not fail: the model said so with a tool, or it answered in words. */
export interface LoopEnd {
  readonly turns: number;
  readonly value: Json;
  /** An answer in words that its length limit cut off. */
  readonly cut: boolean;
  readonly by: 'finish' | 'words';
}

/** Asks, runs what is asked for, tells the results, until the task is finished. Returns once, or throws once; it does nothing after either. */
export async function runLoop(options: LoopOptions, parent: string): Promise<LoopEnd> {
  const { scope } = options;
  const conversation = new Conversation(options);
  for (let turn = 1; ; turn++) {
    if (turn > options.maxTurns) {
      throw new AssassinError('budget-exceeded', `The task took more than the ${options.maxTurns} turns that it may have.`, { hint: 'Go on in the same conversation, or ask for less at a time. The file of an agent of yours can say "maxTurns".', data: { budget: 'turns', limit: options.maxTurns } });
    }
    let end: LoopEnd | undefined;
    await scope.step({ kind: 'agent', name: `Turn ${turn}`, parent, gated: true }, async (step) => {
      end = await conversation.turn(step, turn);
      return undefined;
    });
    if (end) return end;
  }
}

/** The step under which it is on record that the whole conversation is used again. */
export const wholeStep = 'Whole conversation';

class Conversation {
  readonly #options: LoopOptions;
  readonly #messages: ModelMessage[];
  readonly #usedIds = new Set<string>();
  /** All messages, from when some of them were shortened for the first time. */
  #whole: ModelMessage[] | undefined;
  #wide = false;
  /** Messages that the model has been sent before. */
  #sent = 0;
  #empty = 0;
  #parts: string[] = [];

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#messages = [...options.opening];
    options.whole?.attach(() => ({ whole: this.#whole === undefined ? undefined : tokensOf(this.#whole), window: windowOf({ ...options, tools: options.calls.definitions }) }));
    for (const message of options.opening) if (message.role === 'assistant') for (const { id } of message.calls) this.#usedIds.add(id);
  }

  /** One answer with all that follows from it. Gives the end of the task, unless the person has said something meanwhile or the review wants more. */
  async turn(step: string, turn: number): Promise<LoopEnd | undefined> {
    const { inbox, heard, review, reopen } = this.#options;
    for (const text of inbox?.take(step) ?? []) {
      const said = `The person says, while you work:\n${text}`;
      this.#push((await heard?.(said, step)) ?? { role: 'user', text: said });
    }
    const advanced = await this.#advance(step, turn);
    if (advanced === undefined) return undefined;
    const end = { ...advanced, turns: turn };
    const more = await review?.(end, step);
    if (more === undefined && inbox?.isEmpty !== false) return end;
    if (more !== undefined) this.#push({ role: 'user', text: more });
    reopen?.();
    return undefined;
  }

  async #advance(step: string, turn: number): Promise<Omit<LoopEnd, 'turns'> | undefined> {
    const answer = await this.#ask(step, turn);
    const move = nextMove({ text: answer.text, calls: answer.calls.length, finish: answer.finish, empty: this.#empty, continued: this.#parts.length });
    if (move.do !== 'ask-again') this.#empty = 0;
    switch (move.do) {
      case 'run-calls':
        return this.#runCalls(answer, step);
      case 'answer': {
        const value = [...this.#parts, answer.text].join('');
        // Should the task go on all the same, this is what the model has said.
        if (answer.text !== '') this.#push({ role: 'assistant', text: answer.text, calls: [] });
        this.#parts = [];
        return { value, cut: move.cut, by: 'words' };
      }
      case 'continue':
        this.#parts.push(answer.text);
        if (answer.text !== '') this.#push({ role: 'assistant', text: answer.text, calls: [] });
        this.#push({ role: 'user', text: 'Your answer was cut off by its length limit. Go on exactly where it stopped, without repeating anything.' });
        return undefined;
      case 'ask-again':
        this.#empty += 1;
        this.#push({ role: 'user', text: 'Your answer was empty. Go on with the task: call a tool, or finish.' });
        return undefined;
      case 'fail':
        throw move.why === 'empty'
          ? new AssassinError('model-output', `${this.#options.client.info.id} answered twice with nothing at all.`, { hint: 'Try again, or choose another model.' })
          : new AssassinError('model-refused', `The provider of ${this.#options.client.info.id} withheld the answer.`, { hint: 'Word the task differently, or choose another model.' });
    }
  }

  async #runCalls(answer: ModelAnswer, step: string): Promise<Omit<LoopEnd, 'turns'> | undefined> {
    this.#parts = [];
    const calls = answer.calls.map((call) => withOwnId(call, this.#usedIds));
    this.#push({ role: 'assistant', text: answer.text, calls, ...(answer.thoughts.length === 0 ? {} : { thoughts: answer.thoughts }) });
    this.#push(...(await this.#options.calls.run(calls, step)));
    const value = this.#options.finished();
    return value === undefined ? undefined : { value, cut: false, by: 'finish' };
  }

  async #ask(step: string, turn: number): Promise<ModelAnswer> {
    const { scope, calls } = this.#options;
    await this.#useWhole(step);
    await this.#makeRoom(step);
    const tools = calls.definitions;
    for (let broken = 0; ; broken++) {
      try {
        const answer = await askModel(this.#options, { messages: [...this.#messages], tools, toolChoice: 'auto' }, this.#messages.slice(this.#sent), step, turn);
        this.#sent = this.#messages.length;
        return answer;
      } catch (error) {
        if (this.#withoutPictures(error) || (await this.#narrowed(error, step))) continue;
        if (scope.signal.aborted || !mayAskAgain(error, broken)) throw error;
        scope.log('warn', `The model's answer broke off and is asked for again. ${describeError(error)}`);
      }
    }
  }

  #push(...messages: readonly ModelMessage[]): void {
    this.#messages.push(...messages);
    this.#whole?.push(...messages);
  }

  /** The person has asked for all that was said, and it fits. */
  async #useWhole(parent: string): Promise<void> {
    const { scope, whole: asked, pictures } = this.#options;
    const whole = this.#whole && (pictures?.fit(this.#whole) ?? this.#whole);
    if (asked?.take() !== true || whole === undefined) return;
    const unsent = this.#messages.length - this.#sent;
    const input = { tokens: tokensOf(this.#messages), messages: this.#messages.length };
    await scope.step({ kind: 'agent', name: wholeStep, parent, input }, () => {
      this.#messages.splice(0, this.#messages.length, ...whole);
      this.#sent = whole.length - unsent;
      this.#whole = undefined;
      this.#wide = true;
      return Promise.resolve({ tokens: tokensOf(whole), messages: whole.length });
    });
  }

  /** All of it was an estimate too much: the conversation is shortened after all, and the model asked again. */
  async #narrowed(error: unknown, step: string): Promise<boolean> {
    const { scope, client } = this.#options;
    if (!this.#wide || scope.signal.aborted || toErrorInfo(error).code !== 'model-refused') return false;
    this.#wide = false;
    const before = this.#messages.length;
    scope.log('warn', `${client.info.id} refused the whole conversation, and is asked again with a shortened one. ${describeError(error)}`);
    await this.#makeRoom(step);
    return this.#whole !== undefined && (this.#messages.length !== before || tokensOf(this.#messages) < tokensOf(this.#whole));
  }

  /** A model of which nobody knows whether it sees pictures has refused a request that carried some: it is asked again without them. */
  #withoutPictures(error: unknown): boolean {
    const { scope, pictures, client } = this.#options;
    if (scope.signal.aborted || toErrorInfo(error).code !== 'model-refused') return false;
    const fitting = pictures?.withoutRefused(this.#messages);
    if (fitting === undefined) return false;
    scope.log('warn', `${client.info.id} refused a request with pictures, and is asked again without them. ${describeError(error)}`);
    this.#messages.splice(0, this.#messages.length, ...fitting);
    return true;
  }

  /** At most once a turn. The record keeps what was there before. */
  async #makeRoom(step: string): Promise<void> {
    const unsent = this.#messages.length - this.#sent;
    const room = await makeRoom({ ...this.#options, tools: this.#options.calls.definitions, unsent, wide: this.#wide }, this.#messages, step);
    if (room === this.#messages) return;
    this.#whole ??= [...this.#messages];
    this.#wide = false;
    this.#messages.splice(0, this.#messages.length, ...room);
    this.#options.shortened?.(room);
    this.#sent = this.#messages.length - unsent;
  }
}
