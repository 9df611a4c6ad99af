import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { StreamingToolCallTracker } from '@ai-sdk/provider-utils';
import type { Json, JsonObject } from '../../shared/json.ts';
import type { FinishReason, ModelEvent } from '../model-client.ts';
import type { ReportedUsage } from '../usage.ts';

/** A call as it came: its name and id are the wire's, its arguments text. */
export interface ReceivedCall {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly signature?: string;
}

export interface ReceivedEnd {
  readonly calls: readonly ReceivedCall[];
  readonly reason: FinishReason;
  readonly usage: ReportedUsage;
}

interface CallPiece {
  readonly index: number | null;
  readonly id: string | null;
  readonly function: { readonly name?: string; readonly arguments: string };
  readonly signature?: string;
}

/** Puts an answer together from the chunks of OpenAI's chat completions, as the many servers send them that call themselves compatible. */
export class ChatAnswer {
  readonly #calls: ReceivedCall[] = [];
  /** Which pieces belong to one call is told in a dozen ways; the library knows them. */
  readonly #tracker = new StreamingToolCallTracker<CallPiece>({ enqueue: (part) => part && this.#part(part) }, {
    generateId: () => '-',
    extractMetadata: ({ signature }) => (signature === undefined ? undefined : { chat: { signature } }),
    buildToolCallProviderMetadata: (metadata) => metadata,
  });
  /** Calls whose name has not come yet, by index. */
  readonly #nameless = new Map<number, CallPiece>();
  readonly #named = new Set<number>();
  #thought = '';
  #refused = false;
  #finish: string | undefined;
  #usage: ReportedUsage = {};
  #tier: string | undefined;
  /** Characters of everything that the model has said. */
  characters = 0;

  /** What one chunk brings. Throws what the server reports as an error, as it reports it, and an `Error` for what is no chunk. */
  *take(data: string): Generator<ModelEvent, void, undefined> {
    const chunk = objectOf(JSON.parse(data) as Json);
    if (chunk?.['error'] !== undefined && chunk['error'] !== null) throw chunk['error'];
    if (chunk === undefined || !Array.isArray(chunk['choices'])) throw new Error('It sent something that is no part of an answer.');
    const usage = objectOf(chunk['usage']);
    if (usage) this.#usage = reported(usage);
    this.#tier = textOf(chunk['service_tier']) ?? this.#tier;
    const choice = objectOf(listOf(chunk['choices'])[0]);
    this.#finish = textOf(choice?.['finish_reason']) ?? this.#finish;
    const delta = objectOf(choice?.['delta']);
    if (delta === undefined) return;
    yield* this.#think(textOf(delta['reasoning_content']) ?? textOf(delta['reasoning']));
    for (const { type, text } of partsOf(delta['content'])) yield* type === 'text' ? this.#say(text) : this.#think(text);
    const refusal = textOf(delta['refusal']) ?? '';
    if (refusal !== '') this.#refused = true;
    yield* this.#say(refusal);
    const pieces = listOf(delta['tool_calls']);
    if (pieces.length === 0) return;
    yield* this.thoughts();
    for (const piece of pieces) this.#piece(callPiece(objectOf(piece)));
    // An empty text shows that the stream lives: long arguments come as one call at their end, and would look like silence until then.
    yield { type: 'text', text: '' };
  }

  /** The thoughts that no answer has followed yet. */
  *thoughts(): Generator<ModelEvent, void, undefined> {
    if (this.#thought === '') return;
    yield { type: 'thought', thought: { text: this.#thought } };
    this.#thought = '';
  }

  /** Throws for an answer without an end. */
  end(): ReceivedEnd {
    for (const piece of this.#nameless.values()) this.#tracker.processDelta(piece);
    this.#tracker.flush();
    if (this.#finish === undefined) throw new Error('The answer ended without saying why.');
    return { calls: this.#calls, reason: reasonOf(this.#finish, this.#refused, this.#calls.length), usage: { ...this.#usage, tier: this.#tier } };
  }

  *#say(text: string): Generator<ModelEvent, void, undefined> {
    if (text === '') return;
    yield* this.thoughts();
    this.characters += text.length;
    yield { type: 'text', text };
  }

  *#think(text: string | undefined): Generator<ModelEvent, void, undefined> {
    if (text === undefined || text === '') return;
    this.#thought += text;
    this.characters += text.length;
    yield { type: 'reasoning', text };
  }

  /** Some servers send the name after the first arguments. */
  #piece(piece: CallPiece): void {
    const { index } = piece;
    if (index === null || this.#named.has(index)) return this.#tracker.processDelta(piece);
    const before = this.#nameless.get(index);
    const whole = before === undefined ? piece : { ...before, ...piece, id: before.id ?? piece.id, function: { ...piece.function, arguments: before.function.arguments + piece.function.arguments } };
    if (whole.function.name === undefined) return void this.#nameless.set(index, whole);
    this.#nameless.delete(index);
    this.#named.add(index);
    this.#tracker.processDelta(whole);
  }

  #part(part: LanguageModelV4StreamPart): void {
    if (part.type !== 'tool-call') return;
    const signature = part.providerMetadata?.['chat']?.['signature'];
    this.characters += part.toolName.length + part.input.length;
    // The stand-in of the library for a missing id is no id.
    this.#calls.push({ id: /^-(-\d+)?$/.test(part.toolCallId) ? '' : part.toolCallId, name: part.toolName, text: part.input, ...(typeof signature === 'string' ? { signature } : {}) });
  }
}

function callPiece(piece: JsonObject | undefined): CallPiece {
  const called = objectOf(piece?.['function']);
  if (piece === undefined || called === undefined) throw new Error('It sent a call that is none.');
  const name = textOf(called['name']);
  const signature = textOf(objectOf(objectOf(piece['extra_content'])?.['google'])?.['thought_signature']);
  return {
    index: typeof piece['index'] === 'number' ? piece['index'] : null, id: textOf(piece['id']) ?? null,
    function: { arguments: textOf(called['arguments']) ?? '', ...(name === undefined ? {} : { name }) }, ...(signature === undefined ? {} : { signature }),
  };
}

interface ContentPart {
  readonly type: 'text' | 'thinking';
  readonly text: string;
}

/** Content is a text, or as with Mistral a list of texts and thoughts. */
function partsOf(content: Json | undefined): readonly ContentPart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return listOf(content).flatMap((each): readonly ContentPart[] => {
    const part = objectOf(each);
    if (part?.['type'] === 'text') return [{ type: 'text', text: textOf(part['text']) ?? '' }];
    return part?.['type'] === 'thinking' ? [{ type: 'thinking', text: listOf(part['thinking']).map((thought) => textOf(objectOf(thought)?.['text']) ?? '').join('') }] : [];
  });
}

function reported(usage: JsonObject): ReportedUsage {
  return {
    input: countOf(usage['prompt_tokens']) ?? 0, output: countOf(usage['completion_tokens']) ?? 0,
    cachedInput: countOf(objectOf(usage['prompt_tokens_details'])?.['cached_tokens']), reasoning: countOf(objectOf(usage['completion_tokens_details'])?.['reasoning_tokens']),
    // With a key of one's own at the provider behind, it is the fee of the reseller alone.
    billedUsd: usage['is_byok'] === true ? undefined : countOf(usage['cost']),
  };
}

function reasonOf(finish: string, refused: boolean, calls: number): FinishReason {
  switch (finish) {
    // Several local servers say "stop" after calls too, and some "tool_calls" without any.
    case 'stop':
      return calls > 0 ? 'tool-calls' : refused ? 'content-filter' : 'stop';
    case 'tool_calls':
    case 'function_call':
      return calls > 0 ? 'tool-calls' : 'other';
    case 'length':
      return 'length';
    case 'content_filter':
      return 'content-filter';
    default:
      return 'other';
  }
}

function objectOf(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !isList(value) ? value : undefined;
}

function listOf(value: Json | undefined): readonly Json[] {
  return value !== undefined && isList(value) ? value : [];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function countOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
