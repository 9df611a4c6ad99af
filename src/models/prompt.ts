import type { LanguageModelV4CallOptions, LanguageModelV4Message, LanguageModelV4TextPart, LanguageModelV4FilePart, LanguageModelV4ReasoningPart, LanguageModelV4ToolCallPart, SharedV4ProviderOptions } from '@ai-sdk/provider';
import { createHash } from 'node:crypto';
import type { ModelMessage, ModelPicture, ModelRequest } from './model-client.ts';
import { wireInput } from './tool-calls.ts';
import type { WireNames } from './wire-names.ts';

/** In what the providers differ for one and the same request. */
export interface Dialect {
  /** Ids of calls may hold letters, digits, `_` and `-` only. */
  readonly plainCallIds: boolean;
  /** Set on the parts up to which the prompt may be kept between requests; absent where the provider does that by itself. */
  readonly cacheMark?: SharedV4ProviderOptions;
  /** Sent with each request. */
  readonly options?: SharedV4ProviderOptions;
}

export interface PromptParts {
  readonly names: WireNames;
  readonly dialect: Dialect;
  /** What the provider attached to a call and wants back with it, by our call id. */
  readonly attached: (callId: string) => SharedV4ProviderOptions | undefined;
  readonly signal: AbortSignal;
}

export function callOptions(request: ModelRequest, parts: PromptParts): LanguageModelV4CallOptions {
  const { names, signal } = parts;
  const { tools, toolChoice, maxOutputTokens, outputSchema, effort } = request;
  return {
    prompt: promptOf(request.messages, parts),
    abortSignal: signal,
    ...(parts.dialect.options === undefined ? {} : { providerOptions: parts.dialect.options }),
    ...(tools.length === 0 ? {} : {
      tools: tools.map(({ name, description, inputSchema }) => ({ type: 'function' as const, name: names.toWire(name), description, inputSchema: { ...inputSchema } })),
      toolChoice: { type: toolChoice },
    }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(effort === undefined ? {} : { reasoning: effort }),
    ...(outputSchema === undefined ? {} : { responseFormat: { type: 'json' as const, schema: { ...outputSchema }, name: 'answer' } }),
  };
}

function promptOf(messages: readonly ModelMessage[], parts: PromptParts): LanguageModelV4Message[] {
  const { cacheMark } = parts.dialect;
  const begins = messages.findIndex(({ role }) => role !== 'system');
  const head = messages.slice(0, begins < 0 ? messages.length : begins);
  const prompt = messages.slice(head.length).flatMap((message) => messageOf(message, parts));
  const last = prompt.at(-1);
  if (cacheMark && last) prompt[prompt.length - 1] = { ...last, providerOptions: cacheMark };
  if (head.length === 0) return prompt;
  return [{ role: 'system', content: head.map(({ text }) => text).join('\n\n'), ...(cacheMark ? { providerOptions: cacheMark } : {}) }, ...prompt];
}

function messageOf(message: ModelMessage, { names, dialect, attached }: PromptParts): LanguageModelV4Message[] {
  const wireId = (id: string) => (dialect.plainCallIds ? plainId(id) : id);
  switch (message.role) {
    // Google and Anthropic take instructions at the beginning only; moving this one there would change what came before it.
    case 'system':
      return [{ role: 'user', content: [{ type: 'text', text: message.text }] }];
    case 'user': {
      return [{ role: 'user', content: [...textPart(message.text), ...(message.images ?? []).map(filePart)] }];
    }
    case 'assistant': {
      const calls = message.calls.map((call): LanguageModelV4ToolCallPart => {
        const providerOptions = attached(call.id);
        return { type: 'tool-call', toolCallId: wireId(call.id), toolName: names.toWire(call.name), input: wireInput(call), ...(providerOptions ? { providerOptions } : {}) };
      });
      const content = [...thoughtParts(message), ...textPart(message.text), ...calls];
      // An answer of nothing at all is refused when it is sent back.
      return content.length === 0 ? [] : [{ role: 'assistant', content }];
    }
    case 'tool': {
      const value = [...textPart(message.text), ...(message.images ?? []).map(filePart)];
      return [{
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId: wireId(message.callId), toolName: names.toWire(message.name), output: !message.failed && message.images ? { type: 'content', value } : { type: message.failed ? 'error-text' : 'text', value: message.text } }],
      }];
    }
  }
}

function filePart({ mediaType, base64 }: ModelPicture): LanguageModelV4FilePart {
  return { type: 'file', mediaType, data: { type: 'data', data: base64 } };
}

/** Only what bears the provider's signature goes back, before what followed it. Thoughts are no answer: a message of nothing else is left out. */
function thoughtParts({ thoughts = [], text, calls }: Extract<ModelMessage, { role: 'assistant' }>): LanguageModelV4ReasoningPart[] {
  if (text === '' && calls.length === 0) return [];
  return thoughts.flatMap(({ text: thought, attached }) => (attached === undefined ? [] : [{ type: 'reasoning' as const, text: thought, providerOptions: attached as SharedV4ProviderOptions }]));
}

function textPart(text: string): LanguageModelV4TextPart[] {
  return text === '' ? [] : [{ type: 'text', text }];
}

function plainId(id: string): string {
  return /^[a-zA-Z0-9_-]{1,64}$/.test(id) ? id : `call_${createHash('sha256').update(id).digest('hex').slice(0, 24)}`;
}
