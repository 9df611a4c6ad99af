import { didYouMean, nearNames } from '../shared/near-names.ts';
import type { ModelMessage, ModelTool, ModelToolCall } from '../models/model-client.ts';
import type { RunScope } from '../run/run-scope.ts';
import { AssassinError, toErrorInfo } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { ToolRegistry } from '../tools/registry.ts';
import type { Tool } from '../tools/tool.ts';
import { guardVerdict, type PastCall } from './policies/loop-guard.ts';
import { batches } from './policies/order.ts';
import type { Pictures } from './pictures/pictures.ts';
import type { ResultStore } from './result-store.ts';
import { definitionsOf } from './tool-definitions.ts';
import { asStrangersData } from './untrusted.ts';

export type ToolMessage = Extract<ModelMessage, { readonly role: 'tool' }>;

export interface ToolCallsOptions {
  readonly scope: RunScope;
  readonly tools: readonly Tool[];
  readonly results: ResultStore;
  /** True once the task has been ended by one of its calls: what follows in the same turn is not run. */
  readonly finished: () => boolean;
  /** Pictures that a result names are shown to the model with it. */
  readonly pictures?: Pictures;
  /** What is to be told beside the result of a call, such as instructions that hold where it has led to; `''` for nothing. */
  readonly beside?: (parent: string) => Promise<string>;
}

/** Runs the calls of a turn. Every call gets exactly one result under its own id, whatever becomes of it. */
export class ToolCalls {
  readonly #options: ToolCallsOptions;
  readonly #registry = new ToolRegistry();
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #history: PastCall[] = [];
  /** What the model is told of them. */
  readonly definitions: readonly ModelTool[];

  constructor(options: ToolCallsOptions) {
    this.#options = options;
    this.#tools = new Map(options.tools.map((tool) => [tool.name, tool]));
    this.#registry.register(...options.tools);
    this.definitions = definitionsOf(options.tools);
  }

  /** In the order of `calls`. Throws where the run must end: cancelled, out of steps, or going in circles. */
  async run(calls: readonly ModelToolCall[], parent: string): Promise<readonly ToolMessage[]> {
    const { scope } = this.#options;
    const done = new Map<ModelToolCall, ToolMessage>();
    for (const batch of batches(calls, ({ name }) => mayGoTogether(this.#tools.get(name)))) {
      scope.signal.throwIfAborted();
      // Settled and not raced: a call that is still going on when another one fails has effects that must be on record.
      const settled = await Promise.allSettled(batch.map(async (call) => done.set(call, await this.#one(call, parent))));
      const failed = settled.find((each) => each.status === 'rejected');
      if (failed) throw failed.reason;
    }
    return calls.map((call) => done.get(call)!);
  }

  async #one(call: ModelToolCall, parent: string): Promise<ToolMessage> {
    const { scope, results } = this.#options;
    const reply = (text: string, failed: boolean): ToolMessage => ({ role: 'tool', callId: call.id, name: call.name, text, failed });
    if (this.#options.finished()) return reply('Not run: the task had been finished by the call before.', true);
    const { text, failed } = await this.#outcome(call, parent);
    const verdict = this.#judge(call, text);
    if (verdict === 'stop') {
      throw new AssassinError('model-output', `The model went in circles: it called ${call.name} again and again with the same arguments and the same result.`, { hint: 'Say more precisely what is wanted, or choose another model.', data: { tool: call.name } });
    }
    scope.signal.throwIfAborted();
    const { images = [], note = '' } = failed ? {} : ((await this.#options.pictures?.shown(text)) ?? {});
    const beside = [note, (await this.#options.beside?.(parent)) ?? ''].filter((each) => each !== '').map((each) => `\n\n${each}`).join('');
    const told = reply(results.cap(text) + beside + (verdict === 'warn' ? '\n[You have made exactly this call before, with exactly this result. Do something else.]' : ''), failed);
    return images.length === 0 ? told : { ...told, images };
  }

  async #outcome({ id, name, input, problem }: ModelToolCall, parent: string): Promise<{ readonly text: string; readonly failed: boolean }> {
    const tool = this.#tools.get(name);
    if (tool === undefined) return { text: this.#unknown(name), failed: true };
    if (input === undefined) return { text: `Not run: the arguments were no valid JSON (${problem ?? 'they were missing'}). Send the whole call again; write less at a time if it was cut off.`, failed: true };
    try {
      const output = await this.#registry.call(name, input, this.#options.scope, parent, { call: id });
      const text = textOf(output);
      return { text: tool.effects.untrustedOutput === true ? asStrangersData(name, text, this.#options.scope) : text, failed: false };
    } catch (error) {
      if (mustEnd(error, this.#options.scope)) throw error;
      const text = failureText(error);
      return { text: tool.effects.untrustedOutput === true ? asStrangersData(name, text, this.#options.scope) : text, failed: true };
    }
  }

  #judge({ name, input }: ModelToolCall, result: string): ReturnType<typeof guardVerdict> {
    // Ids of steps differ each time, and say nothing of what came out.
    this.#history.push({ name, input: JSON.stringify(input ?? null), result: result.replace(/\bs_[0-9a-z]{17}\b/g, '') });
    return guardVerdict(this.#history);
  }

  #unknown(name: string): string {
    const names = [...this.#tools.keys()];
    const meant = didYouMean(nearNames(name, names));
    return `There is no tool ${JSON.stringify(name.slice(0, 100))}. ${meant === undefined ? '' : `${meant} `}Yours are: ${names.join(', ')}.${names.includes('run_code') ? ' Everything else is called from code, with run_code.' : ''}`;
  }
}

function textOf(output: Json): string {
  return typeof output === 'string' ? output : JSON.stringify(output);
}

/** Errors are told to the model in full, because it is the one who can do better; those of strangers' tools hold strangers' words. */
function failureText(error: unknown): string {
  const { code, message, hint, location } = toErrorInfo(error);
  const place = location ? ` (${location.file}:${location.line}:${location.column})` : '';
  return `Failed (${code}): ${message}${place}${hint === undefined ? '' : ` ${hint}`}`;
}

/** A run that has been cancelled, or has no steps left, is not the model's to go on with. */
function mustEnd(error: unknown, { signal }: RunScope): boolean {
  const { code, data } = toErrorInfo(error);
  return signal.aborted || (code === 'budget-exceeded' && data?.['budget'] !== 'browserSeconds' && data?.['budget'] !== 'egressBytes') || code === 'store-unwritable';
}

function mayGoTogether(tool: Tool | undefined): boolean {
  return tool === undefined || tool.effects.readOnly || tool.effects.concurrent === true;
}
