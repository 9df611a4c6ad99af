import type { ModelMessage, ModelPicture, ModelRequest, ModelTool } from '../model-client.ts';
import { picturesOfResults } from '../picture.ts';
import type { ServiceTier } from '../service-tier.ts';
import { wireInput } from '../tool-calls.ts';
import { wireNames, type WireNames } from '../wire-names.ts';

export interface ChatBodyOptions {
  readonly model: string;
  /** OpenAI's own newer models refuse the name `max_tokens`, which all the compatible servers know. */
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /** What Gemini attached to a call and wants back with it, by the id of the call. */
  readonly signature: (callId: string) => string | undefined;
  readonly serviceTier?: ServiceTier;
}

/** What is the same in each request with the same tools. */
interface Known {
  readonly names: WireNames;
  readonly tools: string;
  /** Messages as they are sent: with their thoughts while the calls that followed them are under way, and without. */
  readonly current: WeakMap<ModelMessage, string>;
  readonly past: WeakMap<ModelMessage, string>;
}

/** Requests in the JSON of OpenAI's chat completions. A conversation is sent again with each turn: what was written once is kept, and only its end is new. */
export class ChatBody {
  readonly #options: ChatBodyOptions;
  readonly #known = new WeakMap<readonly ModelTool[], Known>();
  /** Pictures of one turn's results as they are sent, by the first of them. */
  readonly #pictures = new WeakMap<ModelPicture, string>();

  constructor(options: ChatBodyOptions) {
    this.#options = options;
  }

  names({ tools }: Pick<ModelRequest, 'tools'>): WireNames {
    return this.#of(tools).names;
  }

  text({ messages, tools, toolChoice, maxOutputTokens, outputSchema, effort }: ModelRequest): string {
    const known = this.#of(tools);
    const { model, maxTokensField, serviceTier } = this.#options;
    const fields = [
      `"model":${JSON.stringify(model)}`,
      ...(maxOutputTokens === undefined ? [] : [`"${maxTokensField}":${maxOutputTokens}`]),
      // Strict mode refuses schemas with optional fields; whoever asks checks the answer in any case.
      ...(outputSchema === undefined ? [] : [`"response_format":${JSON.stringify({ type: 'json_schema', json_schema: { schema: outputSchema, strict: false, name: 'answer' } })}`]),
      ...(serviceTier === undefined ? [] : [`"service_tier":"${serviceTier === 'standard' ? 'default' : serviceTier}"`]),
      ...(effort === undefined ? [] : [`"reasoning_effort":"${effort}"`]),
      `"messages":[${this.#messages(messages, known).join(',')}]`,
      ...(tools.length === 0 ? [] : [`"tools":${known.tools}`, `"tool_choice":"${toolChoice}"`]),
      '"stream":true,"stream_options":{"include_usage":true}',
    ];
    return `{${fields.join(',')}}`;
  }

  #of(tools: readonly ModelTool[]): Known {
    let known = this.#known.get(tools);
    if (known === undefined) {
      const names = wireNames({ tools, messages: [] });
      const written = JSON.stringify(tools.map(({ name, description, inputSchema }) => ({ type: 'function', function: { name: names.toWire(name), description, parameters: inputSchema } })));
      this.#known.set(tools, (known = { names, tools: written, current: new WeakMap(), past: new WeakMap() }));
    }
    return known;
  }

  #messages(messages: readonly ModelMessage[], known: Known): readonly string[] {
    const begins = messages.findIndex(({ role }) => role !== 'system');
    const head = messages.slice(0, begins < 0 ? messages.length : begins);
    const spoke = messages.findLastIndex(({ role }) => role === 'user');
    const written = head.length === 0 ? [] : [JSON.stringify({ role: 'system', content: head.map(({ text }) => text).join('\n\n') })];
    const shown: ModelPicture[] = [];
    for (let index = head.length; index < messages.length; index++) {
      const message = messages[index]!;
      const current = index > spoke;
      const kept = current ? known.current : known.past;
      let text = kept.get(message);
      if (text === undefined) kept.set(message, (text = this.#message(message, current, known.names)));
      // An answer of nothing at all is refused when it is sent back.
      if (text !== '') written.push(text);
      if (message.role !== 'tool') continue;
      if (message.images) shown.push(...message.images);
      // Results of calls are text here, and nothing may come between those of one turn.
      if (shown.length > 0 && messages[index + 1]?.role !== 'tool') written.push(this.#shown(shown.splice(0)));
    }
    return written;
  }

  #shown(pictures: readonly ModelPicture[]): string {
    const [first] = pictures;
    let text = first === undefined ? '' : this.#pictures.get(first);
    if (first !== undefined && text === undefined) this.#pictures.set(first, (text = JSON.stringify({ role: 'user', content: [{ type: 'text', text: picturesOfResults }, ...pictures.map(picturePart)] })));
    return text ?? '';
  }

  #message(message: ModelMessage, current: boolean, names: WireNames): string {
    switch (message.role) {
      // Many servers take instructions at the beginning only; moving this one there would change what came before it.
      case 'system':
        return JSON.stringify({ role: 'user', content: message.text });
      case 'user': {
        const { text, images = [] } = message;
        if (images.length === 0) return JSON.stringify({ role: 'user', content: text });
        return JSON.stringify({ role: 'user', content: [...(text === '' ? [] : [{ type: 'text', text }]), ...images.map(picturePart)] });
      }
      case 'assistant': {
        const { text, calls, thoughts = [] } = message;
        if (calls.length === 0) return text === '' ? '' : JSON.stringify({ role: 'assistant', content: text });
        const thought = current ? thoughts.map((each) => each.text).join('') : '';
        const sent = calls.map((call) => {
          const signature = this.#options.signature(call.id);
          return {
            id: call.id, type: 'function', function: { name: names.toWire(call.name), arguments: JSON.stringify(wireInput(call)) },
            ...(signature === undefined ? {} : { extra_content: { google: { thought_signature: signature } } }),
          };
        });
        return JSON.stringify({ role: 'assistant', content: text === '' ? null : text, ...(thought === '' ? {} : { reasoning_content: thought }), tool_calls: sent });
      }
      case 'tool':
        return JSON.stringify({ role: 'tool', tool_call_id: message.callId, content: message.text });
    }
  }
}

function picturePart({ mediaType, base64 }: ModelPicture) {
  return { type: 'image_url', image_url: { url: `data:${mediaType};base64,${base64}` } };
}
