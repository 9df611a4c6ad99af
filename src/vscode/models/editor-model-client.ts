import * as vscode from 'vscode';
import type { ModelClient, ModelEvent, ModelInfo, ModelRequest } from '../../models/model-client.ts';
import { CallIds } from '../../models/tool-calls.ts';
import { estimateInput, estimateTokens } from '../../models/usage.ts';
import { wireNames } from '../../models/wire-names.ts';
import type { Json } from '../../shared/json.ts';
import { editorMessages } from './editor-messages.ts';
import { editorModelError } from './editor-model-error.ts';

/** Counting happens after the answer is whole; a slow count must not hold it up. */
const countMs = 2000;

/** One model that the editor speaks to, with the account and the consent that the person gave the editor. */
export class EditorModelClient implements ModelClient {
  readonly info: ModelInfo;
  readonly #model: vscode.LanguageModelChat;

  constructor(info: ModelInfo, model: vscode.LanguageModelChat) {
    this.info = info;
    this.#model = model;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, void, undefined> {
    signal.throwIfAborted();
    const names = wireNames(request);
    const ids = new CallIds(request.messages);
    const source = new vscode.CancellationTokenSource();
    const cancel = () => source.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    let said = '';
    let calls = 0;
    try {
      const messages = editorMessages(request, names);
      const response = await this.#model.sendRequest(messages, this.#options(request, names.toWire), source.token);
      for await (const part of response.stream) {
        if (part instanceof vscode.LanguageModelTextPart) {
          said += part.value;
          if (part.value !== '') yield { type: 'text', text: part.value };
        } else if (part instanceof vscode.LanguageModelToolCallPart) {
          said += part.name + JSON.stringify(part.input);
          calls += 1;
          yield { type: 'tool-call', call: { id: ids.unique(part.callId), name: names.fromWire(part.name), input: asJson(part.input) } };
        } else {
          // Thinking and parts of newer editors: what they say is not known here, but the model lives.
          yield { type: 'text', text: '' };
        }
      }
      // A cancelled request ends without an error, as if that had been the whole answer.
      signal.throwIfAborted();
      const [input, output] = await Promise.all([this.#count(textOf(request), estimateInput(request)), this.#count(said, estimateTokens(said))]);
      yield { type: 'finish', reason: calls > 0 ? 'tool-calls' : 'stop', usage: { uncachedInput: input, cachedInput: 0, cacheWrite: 0, output, reasoning: 0, mark: 'estimated' } };
    } catch (error) {
      signal.throwIfAborted();
      throw editorModelError(error, this.info);
    } finally {
      signal.removeEventListener('abort', cancel);
      // Whoever stops reading early must not leave the model writing.
      source.cancel();
      source.dispose();
    }
  }

  #options({ tools, toolChoice, maxOutputTokens }: ModelRequest, toWire: (name: string) => string): vscode.LanguageModelChatRequestOptions {
    const offered = toolChoice === 'none' ? [] : tools;
    return {
      justification: vscode.l10n.t('To work on the task that you gave to Infrastructure Assassin.'),
      ...(offered.length === 0 ? {} : {
        tools: offered.map(({ name, description, inputSchema }) => ({ name: toWire(name), description, inputSchema })),
        // With more than one tool the editor refuses to require a call.
        toolMode: toolChoice === 'required' && offered.length === 1 ? vscode.LanguageModelChatToolMode.Required : vscode.LanguageModelChatToolMode.Auto,
      }),
      // What other vendors make of options that they don't know is up to them.
      ...(maxOutputTokens === undefined || this.#model.vendor !== 'copilot' ? {} : { modelOptions: { max_tokens: maxOutputTokens } }),
    };
  }

  /** By the model's own way of counting; the fallback where it has none or takes too long. */
  async #count(text: string, fallback: number): Promise<number> {
    if (text === '') return 0;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, countMs, undefined);
    });
    try {
      const count = await Promise.race([this.#model.countTokens(text), late]);
      return count !== undefined && Number.isInteger(count) && count > 0 ? count : fallback;
    } catch {
      return fallback;
    } finally {
      clearTimeout(timer);
    }
  }
}

function asJson(input: object): Json {
  return JSON.parse(JSON.stringify(input)) as Json;
}

/** All that a request consists of, for counting. */
function textOf({ messages, tools }: ModelRequest): string {
  const parts = messages.map((message) => (message.role === 'assistant' && message.calls.length > 0 ? `${message.text}\n${JSON.stringify(message.calls)}` : message.text));
  return [...parts, ...(tools.length === 0 ? [] : [JSON.stringify(tools)])].join('\n');
}
