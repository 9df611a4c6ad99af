import { reserve } from '../models/model-bill.ts';
import { estimatedUsage, estimateTokens, estimateInput } from '../models/usage.ts';
import type { FinishReason, ModelClient, ModelEvent, ModelMessage, ModelPicture, ModelRequest, ModelThought, ModelToolCall } from '../models/model-client.ts';
import type { ModelPricing } from '../models/prices.ts';
import type { RunScope } from '../run/run-scope.ts';
import type { ModelDelta } from '../shared/conversation.ts';
import { AssassinError } from '../shared/errors.ts';
import type { Json, JsonObject } from '../shared/json.ts';

export interface ModelAnswer {
  readonly text: string;
  readonly calls: readonly ModelToolCall[];
  /** What goes back with it; never shown as an answer. */
  readonly thoughts: readonly ModelThought[];
  /** What it thought aloud, for people who read it; it is not sent back. */
  readonly reasoning?: string;
  readonly finish: FinishReason;
}

export interface AskOptions {
  readonly scope: RunScope;
  readonly client: ModelClient;
  readonly pricing: ModelPricing;
  /** Output tokens of one answer at most. */
  readonly maxOutputTokens: number;
  /** Hears of text as it comes, for people who watch; nothing of it is stored before the answer is whole. */
  readonly onDelta?: (delta: ModelDelta) => void;
}

/**
 * One request as a step of the run: allowed by the gate, paid for beforehand, and metered whatever becomes of it. `fresh` are the messages that no
 * request before has carried: only they are recorded, so that a long conversation is not stored once for each turn. `turn` is the number of the
 * turn of the task's own conversation, which can be built anew from the record; requests about something else have none.
 */
export async function askModel(options: AskOptions, request: ModelRequest, fresh: readonly ModelMessage[], parent: string, turn?: number): Promise<ModelAnswer> {
  const { scope, client } = options;
  const { id } = client.info;
  const input = { model: id, messages: request.messages.length, tools: request.tools.length, ...(turn === undefined ? {} : { turn }), new: fresh.map(recorded) };
  let answer: ModelAnswer = { text: '', calls: [], thoughts: [], finish: 'other' };
  let asked = '';
  await scope.step({ kind: 'model', name: id, parent, input, gated: true }, async (step) => {
    asked = step;
    await scope.gate.check({ kind: 'model', model: id }, step);
    answer = await received(options, request, step, parent);
    return { text: answer.text, calls: answer.calls.map(callJson), ...thoughtsJson(answer.thoughts), ...(answer.reasoning === undefined ? {} : { reasoning: answer.reasoning }), finish: answer.finish };
  });
  options.onDelta?.({ run: scope.id, turn: parent, step: asked, kind: 'end', text: '' });
  return answer;
}

async function received({ scope, client, pricing, maxOutputTokens, onDelta }: AskOptions, request: ModelRequest, step: string, turn: string): Promise<ModelAnswer> {
  // A secret that a file or a program has shown must not travel to a provider.
  const { journal } = scope;
  const clean = { ...request, messages: request.messages.map((message) => journal.redactOnce(message)), tools: journal.redactOnce(request.tools) };
  const reservation = reserve(scope, client.info, clean, pricing, maxOutputTokens);
  let text = '';
  let said = '';
  const calls: ModelToolCall[] = [];
  let reasoning = '';
  const thoughts: ModelThought[] = [];
  let end: Extract<ModelEvent, { type: 'finish' }> | undefined;
  let answered = false;
  try {
    for await (const event of client.stream({ ...clean, maxOutputTokens: reservation.maxOutputTokens }, scope.signal)) {
      scope.signal.throwIfAborted();
      answered = true;
      switch (event.type) {
        case 'text':
          text += event.text;
          said += event.text;
          if (event.text !== '') onDelta?.({ run: scope.id, turn, step, kind: 'text', text: event.text });
          break;
        case 'reasoning':
          reasoning += event.text;
          said += event.text;
          if (event.text !== '') onDelta?.({ run: scope.id, turn, step, kind: 'reasoning', text: event.text });
          break;
        case 'thought':
          thoughts.push(event.thought);
          break;
        case 'tool-call':
          calls.push(event.call);
          said += JSON.stringify(event.call.input ?? '');
          break;
        case 'finish':
          end = event;
          break;
      }
    }
  } catch (error) {
    onDelta?.({ run: scope.id, turn, step, kind: 'restart', text: '' });
    throw answered ? asBroken(error) : error;
  } finally {
    if (end) reservation.settle(end.usage, step, end.by);
    // An answer that broke off was made and will be charged for, although nobody says how long it was.
    else if (answered) reservation.settle(estimatedUsage(estimateInput(request), estimateTokens(said)), step);
    else reservation.release();
  }
  return { text, calls, thoughts, ...(reasoning === '' ? {} : { reasoning }), finish: end?.reason ?? 'other' };
}

/** Marks a failure in the middle of an answer: no layer repeats it, because a reader might have had the beginning already. */
function asBroken(error: unknown): unknown {
  if (!AssassinError.isInstance(error)) return error;
  return new AssassinError(error.code, error.message, { cause: error, data: { ...error.data, broken: true }, ...(error.hint === undefined ? {} : { hint: error.hint }) });
}

export function callJson({ id, name, input, problem }: ModelToolCall): JsonObject {
  return { id, name, ...(input === undefined ? {} : { input }), ...(problem === undefined ? {} : { problem }) };
}

function thoughtsJson(thoughts: readonly ModelThought[] = []): JsonObject {
  return thoughts.length === 0 ? {} : { thoughts: thoughts.map((thought) => ({ ...thought })) };
}

function recorded(message: ModelMessage): Json {
  switch (message.role) {
    case 'system':
      return { role: message.role, text: message.text };
    case 'user':
      return { role: message.role, text: message.text, ...picturesJson(message.images) };
    case 'assistant':
      return { role: message.role, text: message.text, calls: message.calls.map(callJson), ...thoughtsJson(message.thoughts) };
    case 'tool':
      return { role: message.role, callId: message.callId, name: message.name, text: message.text, failed: message.failed, ...picturesJson(message.images) };
  }
}

/** The bytes lie beside the journal: from there a conversation that goes on has them again. */
function picturesJson(images: readonly ModelPicture[] = []): JsonObject {
  return images.length === 0 ? {} : { images: images.map(({ mediaType, blob }) => ({ mediaType, ...(blob === undefined ? {} : { blob }) })) };
}
