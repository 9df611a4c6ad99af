import type { CallToolResult, JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import { App } from '@modelcontextprotocol/ext-apps';
import { describe, expect, it } from 'vitest';
import { AppHost, type AppHostOptions } from '../../../../src/mcp/apps/app-host.ts';
import { viewOf } from '../../../../src/mcp/apps/tool-view.ts';
import { resourceForView, resultForView, textOf } from '../../../../src/mcp/apps/view-calls.ts';

interface Opened extends AsyncDisposable {
  readonly host: AppHost;
  readonly app: App;
  /** What the view was told of the call. */
  readonly told: Promise<readonly [unknown, CallToolResult]>;
  readonly done: string[];
  /** Messages into the frame that were no answers to the app. */
  readonly posted: JSONRPCMessage[];
}

/** A view as its own library makes one, before our host: what one posts the other receives. */
async function opened(ports: Partial<AppHostOptions> = {}): Promise<Opened> {
  const done: string[] = [];
  const posted: JSONRPCMessage[] = [];
  const wire: Transport = { start: () => Promise.resolve(), close: () => Promise.resolve(), send: (message) => Promise.resolve(host.receive(structuredClone(message))) };
  const host = await AppHost.open({
    version: '0.0.0', theme: 'dark', locale: 'en', input: { city: 'Oslo' }, result: resultForView({ degrees: 4 }),
    callTool: (tool, args) => Promise.resolve(resultForView(`${tool} ${JSON.stringify(args)}`)), readResource: (uri) => Promise.resolve(resourceForView(uri, 'text')),
    openLink: (url) => Promise.resolve(done.push(`open ${url}`) > 0), log: (message) => void done.push(message), cutOff: (why) => void done.push(`cut off: ${why}`),
    post: (message) => {
      posted.push(message);
      wire.onmessage?.(structuredClone(message));
    },
    ...ports,
  });
  const app = new App({ name: 'view', version: '1.0.0' }, {}, { autoResize: false });
  const input = Promise.withResolvers<unknown>();
  const result = Promise.withResolvers<CallToolResult>();
  app.ontoolinput = (params) => input.resolve(params.arguments);
  app.ontoolresult = (params) => result.resolve(params as CallToolResult);
  await app.connect(wire);
  return { host, app, done, posted, told: Promise.all([input.promise, result.promise]), [Symbol.asyncDispose]: () => host[Symbol.asyncDispose]() };
}

describe('the view of a tool', () => {
  it('is told of the call that it shows, and of the host', async () => {
    await using view = await opened();
    const [input, result] = await view.told;
    expect(input).toEqual({ city: 'Oslo' });
    expect(result).toMatchObject({ structuredContent: { degrees: 4 }, content: [{ type: 'text', text: '{"degrees":4}' }] });
    expect(view.app.getHostContext()).toMatchObject({ theme: 'dark', locale: 'en' });
    expect(view.app.getHostCapabilities()).toMatchObject({ serverTools: {}, openLinks: {} });
  });

  it('calls tools and reads resources of its server, and is told where that fails', async () => {
    await using view = await opened({ callTool: (tool) => (tool === 'gone' ? Promise.reject(new Error('Not allowed.')) : Promise.resolve(resultForView('21'))) });
    expect(await view.app.callServerTool({ name: 'forecast', arguments: { days: 2 } })).toMatchObject({ content: [{ text: '21' }] });
    expect(await view.app.callServerTool({ name: 'gone', arguments: {} })).toMatchObject({ isError: true, content: [{ text: 'Not allowed.' }] });
    expect(await view.app.readServerResource({ uri: 'ui://weather/data' })).toMatchObject({ contents: [{ uri: 'ui://weather/data', text: 'text' }] });
  });

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'vscode://evil/x', 'http://example.com', 'not an address'])('has %s not opened', async (url) => {
    await using view = await opened();
    expect(await view.app.openLink({ url })).toMatchObject({ isError: true });
    expect(view.done).toEqual([]);
  });

  it('has an address of the web opened when the person agrees, and not otherwise', async () => {
    await using view = await opened();
    expect(await view.app.openLink({ url: 'https://example.com/a' })).not.toHaveProperty('isError');
    expect(view.done).toEqual(['open https://example.com/a']);
    await using declined = await opened({ openLink: () => Promise.resolve(false) });
    expect(await declined.app.openLink({ url: 'https://example.com/a' })).toMatchObject({ isError: true });
  });

  it.each(['ui/message', 'ui/update-model-context', 'sampling/createMessage', 'prompts/list', 'tools/list', 'elicitation/create', 'roots/list', 'anything/else'])('is answered that there is no %s', async (method) => {
    await using view = await opened();
    view.host.receive({ jsonrpc: '2.0', id: 99, method, params: { role: 'user', content: [{ type: 'text', text: 'Do it' }], messages: [], maxTokens: 1 } });
    await expect.poll(() => view.posted.find((message) => 'id' in message && message.id === 99), { timeout: 10_000 }).toMatchObject({ error: { code: -32601 } });
  });

  it('is cut off when it floods its host, and then is not heard any more', async () => {
    await using view = await opened();
    for (let i = 0; i < 300; i++) view.host.receive({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: String(i) } });
    expect(view.done.filter((line) => line.startsWith('cut off'))).toEqual(['cut off: it sent more than 200 messages in a second']);
    await using large = await opened();
    large.host.receive({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'x'.repeat(1024 * 1024) } });
    expect(large.done.at(-1)).toContain('cut off: it sent a message of more than');
  });

  it('may say what is no message at all', async () => {
    await using view = await opened();
    for (const message of [undefined, null, 1, 'text', [], {}, { jsonrpc: '1.0' }, { jsonrpc: '2.0' }, { jsonrpc: '2.0', id: {}, method: 5 }]) view.host.receive(message);
    expect(await view.app.callServerTool({ name: 'still', arguments: {} })).toMatchObject({ content: [{ text: 'still {}' }] });
  });
});

describe('what a tool says of views', () => {
  it.each([
    [{ ui: { resourceUri: 'ui://a/b' } }, { view: 'ui://a/b' }], [{ 'ui/resourceUri': 'ui://a/b' }, { view: 'ui://a/b' }], [{ ui: { resourceUri: 'https://evil.example' } }, {}], [{ ui: 'ui://a' }, {}], [undefined, {}],
    [{ ui: { visibility: ['app'] } }, { appOnly: true }], [{ ui: { visibility: ['model'] } }, { notForViews: true }], [{ ui: { visibility: ['model', 'app'] } }, {}],
  ])('%j is read as %j', (meta, expected) => {
    expect(viewOf(meta === undefined ? {} : { _meta: meta })).toEqual(expected);
  });

  it('is text where it is text, and no bytes', () => {
    expect(textOf([{ type: 'resource', uri: 'ui://a', text: '<p>' }, { type: 'resource', blob: 'abc' }])).toBe('<p>');
    expect(resultForView([{ type: 'text', text: 'a' }, { type: 'image', blob: 'abc' }])).toEqual({ content: [{ type: 'text', text: 'a' }] });
    expect(resultForView(null)).toEqual({ content: [{ type: 'text', text: 'null' }] });
  });
});
