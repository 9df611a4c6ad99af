import { Redactor } from '../../../src/policy/redact.ts';
import type { ModelClient, ModelEvent, ModelMessage, ModelRequest } from '../../../src/models/model-client.ts';
import { ModelRegistry } from '../../../src/models/model-registry.ts';
import { AssassinError } from '../../../src/shared/errors.ts';
import { scriptedServer, type Script, type ScriptedServer } from '../../fixtures/models/scripted-server.ts';

export interface Scripted extends AsyncDisposable {
  readonly server: ScriptedServer;
  readonly client: ModelClient;
  readonly registry: ModelRegistry;
}

/** A client of a scripted server, as the product makes it, without any layer. */
export async function withModel(script: Script): Promise<Scripted> {
  const server = await scriptedServer(script);
  const registry = new ModelRegistry({ redactor: new Redactor(), discover: false });
  registry.configure([{ kind: 'openai-compatible', name: 'test', baseUrl: server.baseUrl, apiKey: () => Promise.resolve('sk-scripted-key') }]);
  return { server, registry, client: await registry.client('test/scripted'), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

export function request(more: Partial<ModelRequest> | string = {}): ModelRequest {
  const messages: readonly ModelMessage[] = [{ role: 'user', text: typeof more === 'string' ? more : 'Hello' }];
  return { messages, tools: [], toolChoice: 'auto', ...(typeof more === 'string' ? {} : more) };
}

export const tool = (name: string) => ({ name, description: `Does ${name}.`, inputSchema: { type: 'object', properties: { path: { type: 'string' } } } });

export interface Heard {
  readonly events: readonly ModelEvent[];
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly Extract<ModelEvent, { type: 'tool-call' }>['call'][];
  readonly finish: Extract<ModelEvent, { type: 'finish' }> | undefined;
  readonly error: AssassinError | undefined;
}

/** Reads an answer to its end, whichever it is. An error that is none of ours fails the test. */
export async function hear(client: ModelClient, asked: ModelRequest = request(), signal: AbortSignal = new AbortController().signal): Promise<Heard> {
  const events: ModelEvent[] = [];
  let error: AssassinError | undefined;
  try {
    for await (const event of client.stream(asked, signal)) events.push(event);
  } catch (thrown) {
    if (!AssassinError.isInstance(thrown)) throw thrown;
    error = thrown;
  }
  const texts = (type: 'text' | 'reasoning') => events.flatMap((event) => (event.type === type ? [event.text] : [])).join('');
  return {
    events, error,
    text: texts('text'),
    reasoning: texts('reasoning'),
    calls: events.flatMap((event) => (event.type === 'tool-call' ? [event.call] : [])),
    finish: events.find((event) => event.type === 'finish'),
  };
}
