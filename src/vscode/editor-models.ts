import * as vscode from 'vscode';
import type { ModelClient, ModelEvent, ModelInfo, ModelMessage, ModelRequest } from '../models/model-client.ts';
import type { ModelSource } from '../models/model-registry.ts';
import { usageOf } from '../models/usage.ts';
import { wireNames, type WireNames } from '../models/wire-names.ts';
import { AssassinError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';

const name = 'vscode';

/** An editor whose chat is switched off may never answer; its models then hide no others. */
const listMs = 3000;

async function chatModels(): Promise<readonly vscode.LanguageModelChat[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AssassinError('model-unavailable', `The editor did not list its models within ${listMs} ms.`, { hint: 'Sign in to the extension that offers them, and try again.' })), listMs);
  });
  try {
    return await Promise.race([vscode.lm.selectChatModels(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The models that the editor offers to extensions: those of Copilot, and whatever else is registered. The editor asks the person before the first use. */
export const editorModels: ModelSource = {
  name,
  list: async () => (await chatModels()).map(infoOf),
  client: async (id) => {
    const model = (await chatModels()).find((each) => infoOf(each).id === id);
    if (model) return new EditorModel(model);
    throw new AssassinError('no-model', `The editor has no model ${id}.`, { hint: 'Choose another one, or sign in to the extension that offers it.' });
  },
};

function infoOf(model: vscode.LanguageModelChat): ModelInfo {
  const own = `${model.vendor}-${model.id}`;
  return { id: `${name}/${own}`, provider: name, model: own, label: `${model.name} (${model.vendor})`, contextTokens: model.maxInputTokens };
}

class EditorModel implements ModelClient {
  readonly info: ModelInfo;
  readonly #model: vscode.LanguageModelChat;

  constructor(model: vscode.LanguageModelChat) {
    this.#model = model;
    this.info = infoOf(model);
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, void, undefined> {
    signal.throwIfAborted();
    const names = wireNames(request);
    const source = new vscode.CancellationTokenSource();
    const cancel = () => source.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    let characters = 0;
    let called = false;
    try {
      const response = await this.#model.sendRequest(messagesOf(request.messages, names), optionsOf(request, names), source.token);
      for await (const part of response.stream) {
        signal.throwIfAborted();
        if (part instanceof vscode.LanguageModelTextPart) {
          characters += part.value.length;
          yield { type: 'text', text: part.value };
        } else if (part instanceof vscode.LanguageModelToolCallPart) {
          called = true;
          characters += JSON.stringify(part.input).length;
          // Parsed from JSON by whoever provides the model.
          yield { type: 'tool-call', call: { id: part.callId, name: names.fromWire(part.name), input: part.input as Json } };
        }
      }
      // The editor tells no counts: they are estimated, and marked so.
      yield { type: 'finish', reason: called ? 'tool-calls' : 'stop', usage: usageOf({}, request, characters) };
    } catch (error) {
      signal.throwIfAborted();
      throw editorError(error, this.info.label);
    } finally {
      signal.removeEventListener('abort', cancel);
      source.dispose();
    }
  }
}

function optionsOf({ tools, toolChoice }: ModelRequest, names: WireNames): vscode.LanguageModelChatRequestOptions {
  const justification = vscode.l10n.t('A task of Infrastructure Assassin works with this model.');
  if (toolChoice === 'none' || tools.length === 0) return { justification };
  return {
    justification,
    tools: tools.map((tool) => ({ name: names.toWire(tool.name), description: tool.description, inputSchema: { ...tool.inputSchema } })),
    // Several providers of the editor refuse "required" with more than one tool.
    toolMode: toolChoice === 'required' && tools.length === 1 ? vscode.LanguageModelChatToolMode.Required : vscode.LanguageModelChatToolMode.Auto,
  };
}

/** The editor knows no system messages, and wants the results of one turn together. */
function messagesOf(messages: readonly ModelMessage[], names: WireNames): vscode.LanguageModelChatMessage[] {
  const result: vscode.LanguageModelChatMessage[] = [];
  let results: vscode.LanguageModelToolResultPart[] = [];
  const flush = () => {
    if (results.length > 0) result.push(vscode.LanguageModelChatMessage.User(results));
    results = [];
  };
  for (const message of messages) {
    if (message.role !== 'tool') flush();
    switch (message.role) {
      case 'system':
      case 'user':
        result.push(vscode.LanguageModelChatMessage.User(message.text));
        break;
      case 'assistant':
        result.push(vscode.LanguageModelChatMessage.Assistant([
          ...(message.text === '' ? [] : [new vscode.LanguageModelTextPart(message.text)]),
          ...message.calls.map((call) => new vscode.LanguageModelToolCallPart(call.id, names.toWire(call.name), objectOf(call.input))),
        ]));
        break;
      case 'tool':
        results.push(new vscode.LanguageModelToolResultPart(message.callId, [new vscode.LanguageModelTextPart(message.text)]));
        break;
    }
  }
  flush();
  return result;
}

/** Arguments that were no object cannot be sent back as one; the result under the same id says what was wrong. */
function objectOf(input: Json | undefined): object {
  return typeof input === 'object' && input !== null ? input : {};
}

function editorError(error: unknown, label: string): unknown {
  if (!(error instanceof vscode.LanguageModelError)) {
    return AssassinError.isInstance(error) ? error : new AssassinError('model-unavailable', `${label} failed: ${error instanceof Error ? error.message : String(error)}`, { hint: 'Try again, or choose another model.', cause: error });
  }
  const code = error.code === vscode.LanguageModelError.NoPermissions.name ? 'model-auth' : 'model-refused';
  return new AssassinError(code, `${label} was not used: ${error.message}`, { hint: code === 'model-auth' ? 'Allow this extension to use it, in the settings of language model access.' : 'Choose another model, or ask for less.', cause: error });
}
