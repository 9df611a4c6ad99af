import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Redactor } from '../../../src/policy/redact.ts';
import type { ModelClient, ModelInfo } from '../../../src/models/model-client.ts';
import { ModelRegistry, type ModelRegistryOptions } from '../../../src/models/model-registry.ts';
import { httpSite } from '../../helpers/http-site.ts';
import { scriptedServer } from '../../fixtures/models/scripted-server.ts';
import { hear } from './with-model.ts';

const registryOf = (options: Partial<ModelRegistryOptions> = {}) => new ModelRegistry({ redactor: new Redactor(), discover: false, ...options });

/** Answers as the list and detail pages of providers do. */
const pages = (bodies: Readonly<Record<string, unknown>>) => httpSite((request, response) => {
  const path = (request.url ?? '').split('?')[0] ?? '';
  response.writeHead(path in bodies ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(bodies[path] ?? { error: { message: 'not here' } }));
});

describe('the list of models', () => {
  it('holds those of all providers with what each says of them', async () => {
    await using router = await pages({ '/v1/models': { data: [{ id: 'openai/gpt-5', name: 'GPT-5', context_length: 400_000, architecture: { input_modalities: ['text', 'image'] }, supported_parameters: ['tools'] }, { id: 'plain' }] } });
    await using claude = await pages({ '/v1/models': { data: [{ id: 'claude-x', display_name: 'Claude X', type: 'model' }] } });
    await using gemini = await pages({ '/v1beta/models': { models: [{ name: 'models/gemini-x', displayName: 'Gemini X', inputTokenLimit: 1_048_576, supportedGenerationMethods: ['generateContent'], thinking: true }, { name: 'models/embedding', supportedGenerationMethods: ['embedContent'] }] } });
    await using ollama = await pages({ '/v1/models': { data: [{ id: 'qwen3:8b' }] }, '/api/show': { capabilities: ['completion', 'tools', 'thinking'], model_info: { 'qwen3.context_length': 40_960 }, parameters: 'temperature 0.6\nnum_ctx                        8192' } });
    const registry = registryOf();
    const key = () => Promise.resolve('secret-key');
    registry.configure([
      { kind: 'openai-compatible', name: 'router', baseUrl: `${router.origin}/v1/`, apiKey: key },
      { kind: 'anthropic', name: 'claude', baseUrl: `${claude.origin}/v1`, apiKey: key },
      { kind: 'google', name: 'gemini', baseUrl: `${gemini.origin}/v1beta`, apiKey: key },
      { kind: 'ollama', name: 'local', baseUrl: ollama.origin },
      { kind: 'openai-compatible', name: 'named', baseUrl: 'http://127.0.0.1:9/v1', models: ['a', 'b'] },
    ]);
    const listed = await registry.list();
    expect(listed.every(({ rate }) => rate?.input === 0 && rate.output === 0)).toBe(true);
    expect(listed).toMatchObject([
      { id: 'router/openai/gpt-5', provider: 'router', model: 'openai/gpt-5', label: 'GPT-5', contextTokens: 400_000, images: true, tools: true, reasoning: false },
      { id: 'router/plain', provider: 'router', model: 'plain', label: 'plain' },
      { id: 'claude/claude-x', provider: 'claude', model: 'claude-x', label: 'Claude X' },
      { id: 'gemini/gemini-x', provider: 'gemini', model: 'gemini-x', label: 'Gemini X', contextTokens: 1_048_576, reasoning: true },
      { id: 'local/qwen3:8b', provider: 'local', model: 'qwen3:8b', label: 'qwen3:8b', contextTokens: 8192, tools: true, images: false, reasoning: true },
      { id: 'named/a', provider: 'named', model: 'a', label: 'a' },
      { id: 'named/b', provider: 'named', model: 'b', label: 'b' },
    ]);
    expect(registry.problems).toEqual([]);
  });

  it('leaves no connection behind: some servers keep theirs for as long as anybody does', async () => {
    const closed: Promise<unknown>[] = [];
    const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(request.url === '/v1/models' ? { data: ['a', 'b', 'c'].map((id) => ({ id })) } : { version: '0.12.0', capabilities: ['tools'] }));
    });
    server.on('connection', (socket: Socket) => closed.push(once(socket, 'close')));
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const { port } = server.address() as AddressInfo;
    expect((await registryOf({ discover: `http://127.0.0.1:${port}` }).list()).map(({ id }) => id)).toEqual(['ollama/a', 'ollama/b', 'ollama/c']);
    expect(closed.length).toBeGreaterThan(1);
    // The server closes none of them by itself.
    await Promise.all(closed);
    await new Promise((resolve) => { server.close(resolve); });
  });

  it('says which provider could not be asked, and shows the others', async () => {
    await using good = await scriptedServer([], ['fine']);
    await using bad = await pages({});
    await using silent = await httpSite(() => undefined);
    await using strange = await pages({ '/v1/models': { hello: 'world' } });
    const registry = registryOf({ listMs: 300 });
    registry.configure([
      { kind: 'openai-compatible', name: 'bad', baseUrl: bad.origin },
      { kind: 'openai-compatible', name: 'silent', baseUrl: silent.origin },
      { kind: 'openai-compatible', name: 'strange', baseUrl: `${strange.origin}/v1` },
      { kind: 'openai-compatible', name: 'good', baseUrl: good.baseUrl },
    ]);
    expect((await registry.list()).map(({ id }) => id)).toEqual(['good/fine']);
    const problems = Object.fromEntries(registry.problems.map(({ provider, error }) => [provider, error]));
    expect(problems).toMatchObject({
      bad: { code: 'model-refused', message: expect.stringContaining('not here') },
      silent: { code: 'model-unavailable', message: expect.stringContaining('within 300 ms') },
      strange: { code: 'model-unavailable', message: 'strange did not answer with a list of models.' },
    });
  });

  it('finds Ollama by itself, and nothing where something else listens there', async () => {
    await using ollama = await pages({ '/api/version': { version: '0.12.0' }, '/v1/models': { data: [{ id: 'qwen3:8b' }] } });
    await using other = await pages({ '/v1/models': { data: [{ id: 'trap' }] } });
    expect((await registryOf({ discover: ollama.origin }).list()).map(({ id }) => id)).toEqual(['ollama/qwen3:8b']);
    expect(await registryOf({ discover: other.origin }).list()).toEqual([]);
    expect(other.requests).toEqual(['GET /api/version']);
  });

  it('is asked for once in a while only, and at once when told to', async () => {
    await using site = await pages({ '/models': { data: [] } });
    const registry = registryOf();
    registry.configure([{ kind: 'openai-compatible', name: 'test', baseUrl: site.origin }]);
    await Promise.all([registry.list(), registry.list()]);
    expect(site.requests).toHaveLength(1);
    await registry.list({ refresh: true });
    expect(site.requests).toHaveLength(2);
  });
});

describe('a client', () => {
  it('of a found Ollama speaks to it without any configuration', async () => {
    await using server = await scriptedServer([{ text: ['Hi.'] }]);
    // A real Ollama has both languages on one port; here the version page is in front of the scripted model.
    await using ollama = await httpSite((request, response) => {
      if (request.url === '/api/version') return void response.end('{"version":"0.12.0"}');
      void (async () => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of request) chunks.push(chunk as Uint8Array);
        const answer = await fetch(new URL(request.url ?? '', server.baseUrl), { method: request.method ?? 'GET', body: Buffer.concat(chunks) });
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
        response.end(Buffer.from(await answer.arrayBuffer()));
      })();
    });
    expect((await hear(await registryOf({ discover: ollama.origin }).client('ollama/qwen3:8b'))).text).toBe('Hi.');
    expect(server.requests[0]).toMatchObject({ path: '/v1/chat/completions', body: { model: 'qwen3:8b' } });
    expect(server.requests[0]?.headers['authorization']).toBeUndefined();
  });

  it('reads the key anew for each request, and the redactor learns it first', async () => {
    await using server = await scriptedServer(() => ({ text: ['x'] }));
    const redactor = new Redactor();
    const registry = registryOf({ redactor });
    let key = 'first-secret';
    registry.configure([{ kind: 'openai-compatible', name: 'test', baseUrl: server.baseUrl, apiKey: () => Promise.resolve(key) }]);
    const client = await registry.client('test/m');
    await hear(client);
    key = 'second-secret';
    await hear(client);
    expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual(['Bearer first-secret', 'Bearer second-secret']);
    expect(redactor.redact('first-secret second-secret')).toBe('[redacted] [redacted]');
  });

  it('knows what was listed of its model, and does not wait for the list of another provider', async () => {
    await using router = await pages({ '/v1/models': { data: [{ id: 'm', context_length: 5000 }] } });
    await using silent = await httpSite(() => undefined);
    const registry = registryOf({ listMs: 10_000 });
    registry.configure([{ kind: 'openai-compatible', name: 'router', baseUrl: `${router.origin}/v1` }, { kind: 'openai-compatible', name: 'silent', baseUrl: silent.origin }]);
    let listed = false;
    const listing = registry.list().finally(() => (listed = true));
    while ((await registry.client('router/m')).info.contextTokens === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(listed).toBe(false);
    await silent[Symbol.asyncDispose]();
    await listing;
  });

  it('of a registered source is the source\'s own', async () => {
    const info: ModelInfo = { id: 'vscode/copilot', provider: 'vscode', model: 'copilot', label: 'Copilot' };
    const own: ModelClient = { info, stream: async function* () { yield { type: 'text', text: 'own' } as const; } };
    const registry = registryOf();
    const registration = registry.register({ name: 'vscode', list: () => Promise.resolve([info]), client: () => Promise.resolve(own) });
    expect(await registry.client('vscode/copilot')).toBe(own);
    expect(await registry.first()).toBe(info);
    expect((await registry.pricing()).cost(info, { uncachedInput: 1, cachedInput: 0, cacheWrite: 0, output: 1, reasoning: 0, mark: 'measured' })).toBeUndefined();
    registration[Symbol.dispose]();
    await expect(registry.first()).rejects.toMatchObject({ code: 'no-model' });
  });

  it('where there is no model at all fails with the three quickest ways to one', async () => {
    const registry = registryOf();
    for (const asked of [registry.client('any/model'), registry.first()]) {
      await expect(asked).rejects.toMatchObject({ code: 'no-model', hint: expect.stringMatching(/Copilot in VS Code.*Ollama.*API key/) });
    }
  });

  it('of an unknown provider names those that are there', async () => {
    await using server = await scriptedServer([]);
    const registry = registryOf();
    registry.configure([{ kind: 'openai-compatible', name: 'mine', baseUrl: server.baseUrl }]);
    await expect(registry.client('other/model')).rejects.toMatchObject({ code: 'invalid-config', message: 'No model provider is called "other".', hint: 'Choose a model of mine.' });
  });
});

describe('prices', () => {
  it('are those of the provider that a model belongs to', async () => {
    const usage = { uncachedInput: 1_000_000, cachedInput: 0, cacheWrite: 0, output: 0, reasoning: 0, mark: 'measured' } as const;
    const registry = registryOf({ prices: { 'mine/m': { input: 3, output: 4 } } });
    const pricing = await registry.pricing();
    registry.configure([{ kind: 'openai-compatible', name: 'mine', baseUrl: 'https://models.example.com/v1' }, { kind: 'ollama', name: 'local' }]);
    const info = (provider: string, model: string): ModelInfo => ({ id: `${provider}/${model}`, provider, model, label: model });
    expect(pricing.cost(info('mine', 'm'), usage)).toMatchObject({ usd: 3, mark: 'computed' });
    expect(pricing.cost(info('mine', 'other'), usage)).toBeUndefined();
    expect(pricing.cost(info('local', 'qwen3:8b'), usage)).toMatchObject({ usd: 0, mark: 'measured' });
    expect(pricing.cost(info('gone', 'm'), usage)).toBeUndefined();
  });

  it('come with the known length of a conversation, where the provider does not say it', async () => {
    const registry = registryOf();
    registry.configure([{ kind: 'openai-compatible', name: 'openai', baseUrl: 'https://api.openai.com/v1', models: ['gpt-4o', 'unheard-of'] }]);
    expect((await registry.list()).map(({ contextTokens }) => contextTokens)).toEqual([128_000, undefined]);
  });
});

describe('a configuration', () => {
  it.each([
    [{ kind: 'openai-compatible', name: 'x' }, /"x": baseUrl is missing/],
    [{ kind: 'openai-compatible', name: 'x', baseUrl: 'ftp://host' }, /baseUrl is not an http or https URL/],
    [{ kind: 'openai-compatible', name: 'x', baseUrl: 'https://me:secret@host/v1' }, /baseUrl holds a user name or password/],
    [{ kind: 'anthropic', name: 'a/b' }, /name must be/],
  ] as const)('that is wrong is refused with its field', (config, message) => {
    expect(() => registryOf().configure([config])).toThrow(message);
  });

  it('with one name twice is refused, and the one before it is kept', async () => {
    const registry = registryOf();
    registry.configure([{ kind: 'ollama', name: 'kept', models: ['m'] }]);
    expect(() => registry.configure([{ kind: 'ollama', name: 'x' }, { kind: 'anthropic', name: 'x' }])).toThrow(/Two model providers are called "x"/);
    expect((await registry.list()).map(({ id }) => id)).toEqual(['kept/m']);
  });
});
