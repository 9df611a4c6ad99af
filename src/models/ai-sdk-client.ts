import type { LanguageModelV4, LanguageModelV4FinishReason, LanguageModelV4StreamPart, SharedV4ProviderMetadata, SharedV4ProviderOptions } from '@ai-sdk/provider';
import { wireError } from './ai-sdk-errors.ts';
import type { FinishReason, ModelClient, ModelEvent, ModelInfo, ModelRequest } from './model-client.ts';
import { callOptions, type Dialect } from './prompt.ts';
import { CallIds, toolCall } from './tool-calls.ts';
import { Thoughts } from './thoughts.ts';
import { usageOf } from './usage.ts';
import { wireNames } from './wire-names.ts';

export interface AiSdkClientOptions {
  readonly info: ModelInfo;
  /** Opens the wire for one request, so that a key that was changed meanwhile holds. Throws `model-auth` where a key is missing. */
  readonly open: () => Promise<LanguageModelV4>;
  readonly dialect: Dialect;
}

/** What a provider attached to calls is kept for this many; the oldest go. */
const attachedLimit = 2000;

/** One model behind one of the AI SDK's provider wires. */
export class AiSdkClient implements ModelClient {
  readonly info: ModelInfo;
  readonly #options: AiSdkClientOptions;
  /** Signatures of thinking that Gemini wants back with the call that followed it. After a restart they are gone; the wire has a stand-in for that. */
  readonly #attached = new Map<string, SharedV4ProviderOptions>();

  constructor(options: AiSdkClientOptions) {
    this.info = options.info;
    this.#options = options;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, void, undefined> {
    signal.throwIfAborted();
    const names = wireNames(request);
    const ids = new CallIds(request.messages);
    const thoughts = new Thoughts();
    let outputCharacters = 0;
    let calls = 0;
    let reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart> | undefined;
    try {
      const model = await this.#options.open();
      const options = callOptions(request, { names, dialect: this.#options.dialect, attached: (id) => this.#attached.get(id), signal });
      reader = (await model.doStream(options)).stream.getReader();
      for (;;) {
        const { done, value: part } = await reader.read();
        // The wires end with `finish` or an error; a stream that just stops was broken off.
        if (done) throw new Error('The answer broke off.');
        switch (part.type) {
          case 'text-delta':
          case 'reasoning-delta':
            outputCharacters += part.delta.length;
            if (part.type === 'reasoning-delta') thoughts.add(part.id, part.delta, part.providerMetadata);
            if (part.delta !== '') yield { type: part.type === 'text-delta' ? 'text' : 'reasoning', text: part.delta };
            break;
          case 'reasoning-start':
            thoughts.add(part.id, '', part.providerMetadata);
            break;
          case 'reasoning-end':
            thoughts.add(part.id, '', part.providerMetadata);
            yield* thoughts.take(part.id);
            break;
          case 'tool-input-delta':
            // An empty text shows that the stream lives: long arguments come as one call at their end, and would look like silence until then.
            yield { type: 'text', text: '' };
            break;
          case 'tool-call': {
            const id = ids.unique(part.toolCallId);
            this.#attach(id, part.providerMetadata);
            outputCharacters += part.toolName.length + part.input.length;
            calls += 1;
            yield { type: 'tool-call', call: toolCall(id, names.fromWire(part.toolName), part.input) };
            break;
          }
          case 'error':
            throw part.error;
          case 'finish': {
            yield* thoughts.take();
            const { inputTokens, outputTokens } = part.usage;
            const reported = { input: inputTokens.total, cachedInput: inputTokens.cacheRead, cacheWrite: inputTokens.cacheWrite, output: outputTokens.total, reasoning: outputTokens.reasoning, tier: reportedTier(part.providerMetadata) };
            yield { type: 'finish', reason: finishReason(part.finishReason, calls), usage: usageOf(reported, request, outputCharacters) };
            return;
          }
          default:
            break;
        }
      }
    } catch (error) {
      signal.throwIfAborted();
      throw wireError(error, this.info);
    } finally {
      // Whoever stops reading early must not leave the provider writing.
      await reader?.cancel().catch(() => undefined);
    }
  }

  #attach(callId: string, metadata: SharedV4ProviderOptions | undefined): void {
    // Ids are unique in one conversation only: in another one the same id may have had something.
    this.#attached.delete(callId);
    if (metadata === undefined) return;
    this.#attached.set(callId, metadata);
    if (this.#attached.size > attachedLimit) for (const oldest of this.#attached.keys()) return void this.#attached.delete(oldest);
  }
}

/** Each wire puts it under its own name. */
function reportedTier(metadata: SharedV4ProviderMetadata | undefined): string | undefined {
  for (const each of Object.values(metadata ?? {})) if (typeof each['serviceTier'] === 'string') return each['serviceTier'];
  return undefined;
}

function finishReason({ unified }: LanguageModelV4FinishReason, calls: number): FinishReason {
  switch (unified) {
    // Several local servers say "stop" after calls too, and some "tool-calls" without any.
    case 'stop':
    case 'tool-calls':
      return calls > 0 ? 'tool-calls' : unified === 'stop' ? 'stop' : 'other';
    case 'length':
    case 'content-filter':
      return unified;
    case 'error':
    case 'interrupted':
    case 'other':
      return 'other';
  }
}
