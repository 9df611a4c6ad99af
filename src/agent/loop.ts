import { estimateInput } from '../models/usage.ts';
import type { ModelMessage, ModelToolCall } from '../models/model-client.ts';
import { AssassinError, describeError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { askModel, type AskOptions, type ModelAnswer } from './ask-model.ts';
import { toShorten } from './policies/prune.ts';
import { mayAskAgain } from './policies/retry.ts';
import { nextMove } from './policies/stop.ts';
import { ResultStore } from './result-store.ts';
import type { ToolCalls } from './tool-calls.ts';

export interface LoopOptions extends AskOptions {
  /** What the conversation begins with. */
  readonly opening: readonly ModelMessage[];
  readonly calls: ToolCalls;
  readonly results: ResultStore;
  readonly maxTurns: number;
  /** What a tool has ended the task with, `undefined` while it goes on. */
  readonly finished: () => Json | undefined;
}

/** How a task ends that does not fail: the model said so with a tool, or it answered in words. */
export interface LoopEnd {
  readonly turns: number;
  readonly value: Json;
  /** An answer in words that its length limit cut off. */
  readonly cut: boolean;
  readonly by: 'finish' | 'words';
}

/** Room for the answer and for estimates that are off, as a share of the model's context. */
const usableContext = 0.75;
/** Of models that do not say how much they can read. */
const unknownContext = 32_000;

/** Asks, runs what is asked for, tells the results, until the task is finished. Returns once, or throws once; it does nothing after either. */
export async function runLoop(options: LoopOptions, parent: string): Promise<LoopEnd> {
  const { scope } = options;
  const conversation = new Conversation(options);
  for (let turn = 1; ; turn++) {
    if (turn > options.maxTurns) {
      throw new AssassinError('budget-exceeded', `The task took more than the ${options.maxTurns} turns that it may have.`, { hint: 'Ask for less at a time, or raise maxTurns.', data: { budget: 'turns', limit: options.maxTurns } });
    }
    let end: Omit<LoopEnd, 'turns'> | undefined;
    await scope.step({ kind: 'agent', name: `Turn ${turn}`, parent, gated: true }, async (step) => {
      end = await conversation.turn(step);
      return undefined;
    });
    if (end) return { ...end, turns: turn };
  }
}

class Conversation {
  readonly #options: LoopOptions;
  readonly #messages: ModelMessage[];
  readonly #usedIds = new Set<string>();
  /** Messages that the model has been sent before. */
  #sent = 0;
  #empty = 0;
  #parts: string[] = [];

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#messages = [...options.opening];
  }

  async turn(step: string): Promise<Omit<LoopEnd, 'turns'> | undefined> {
    const answer = await this.#ask(step);
    const move = nextMove({ text: answer.text, calls: answer.calls.length, finish: answer.finish, empty: this.#empty, continued: this.#parts.length });
    if (move.do !== 'ask-again') this.#empty = 0;
    switch (move.do) {
      case 'run-calls':
        return this.#runCalls(answer, step);
      case 'answer':
        return { value: [...this.#parts, answer.text].join(''), cut: move.cut, by: 'words' };
      case 'continue':
        this.#parts.push(answer.text);
        if (answer.text !== '') this.#messages.push({ role: 'assistant', text: answer.text, calls: [] });
        this.#messages.push({ role: 'user', text: 'Your answer was cut off by its length limit. Go on exactly where it stopped, without repeating anything.' });
        return undefined;
      case 'ask-again':
        this.#empty += 1;
        this.#messages.push({ role: 'user', text: 'Your answer was empty. Go on with the task: call a tool, or finish.' });
        return undefined;
      case 'fail':
        throw move.why === 'empty'
          ? new AssassinError('model-output', `${this.#options.client.info.id} answered twice with nothing at all.`, { hint: 'Try again, or choose another model.' })
          : new AssassinError('model-refused', `The provider of ${this.#options.client.info.id} withheld the answer.`, { hint: 'Word the task differently, or choose another model.' });
    }
  }

  async #runCalls(answer: ModelAnswer, step: string): Promise<Omit<LoopEnd, 'turns'> | undefined> {
    this.#parts = [];
    const calls = answer.calls.map((call) => this.#withOwnId(call));
    this.#messages.push({ role: 'assistant', text: answer.text, calls, ...(answer.thoughts.length === 0 ? {} : { thoughts: answer.thoughts }) });
    this.#messages.push(...(await this.#options.calls.run(calls, step)));
    const value = this.#options.finished();
    return value === undefined ? undefined : { value, cut: false, by: 'finish' };
  }

  /** Servers that number their calls anew in each answer, or give them no id at all, would make two results of one. */
  #withOwnId(call: ModelToolCall): ModelToolCall {
    const wish = call.id === '' ? 'call' : call.id;
    let id = wish;
    for (let i = 2; this.#usedIds.has(id); i++) id = `${wish}_${i}`;
    this.#usedIds.add(id);
    return id === call.id ? call : { ...call, id };
  }

  async #ask(step: string): Promise<ModelAnswer> {
    const { scope, calls } = this.#options;
    this.#makeRoom();
    const tools = calls.definitions;
    for (let broken = 0; ; broken++) {
      try {
        const answer = await askModel(this.#options, { messages: [...this.#messages], tools, toolChoice: 'auto' }, this.#messages.slice(this.#sent), step);
        this.#sent = this.#messages.length;
        return answer;
      } catch (error) {
        if (scope.signal.aborted || !mayAskAgain(error, broken)) throw error;
        scope.log('warn', `The model's answer broke off and is asked for again. ${describeError(error)}`);
      }
    }
  }

  /** At most once a turn. What is shortened stays readable through its handle. */
  #makeRoom(): void {
    const { client, results, calls, scope } = this.#options;
    const tokensOf = (messages: readonly ModelMessage[]) => estimateInput({ messages, tools: [], toolChoice: 'none' });
    const fixed = estimateInput({ messages: [], tools: calls.definitions, toolChoice: 'none' });
    const limit = Math.floor((client.info.contextTokens ?? unknownContext) * usableContext) - fixed;
    const before = tokensOf(this.#messages);
    const indexes = toShorten(this.#messages, { limit, tokensOf, shortLength: ResultStore.shortLength });
    for (const index of indexes) {
      const message = this.#messages[index];
      if (message?.role === 'tool') this.#messages[index] = { ...message, text: results.shorten(message.text) };
    }
    const after = tokensOf(this.#messages);
    if (indexes.length > 0) scope.log('info', `${indexes.length} older results were shortened to make room: about ${before} tokens before, ${after} after.`);
    if (after > limit) {
      throw new AssassinError('model-refused', `The conversation has about ${after} tokens and does not fit into what ${client.info.id} can read (${limit} beside tools and answer).`, { hint: 'Ask for less at a time, or choose a model with a larger context.' });
    }
  }
}
