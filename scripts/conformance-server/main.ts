/**
 * The server under test of `npm run conformance -- --server`: our own endpoint on HTTP, with the tools, resources and prompts that the scenarios expect.
 * The suite knows no tokens: a front on another port adds the token to each request and hands everything else on as it is. Prints the address of the front.
 */
import { createServer, request } from 'node:http';
import { ProtocolError, ResourceNotFoundError, Server, type McpRequestContext } from '@modelcontextprotocol/server';
import { HttpEndpoint } from '../../src/serve/http/http-endpoint.ts';
import type { JsonObject } from '../../src/shared/json.ts';
import { prompts, type FixturePrompt } from './prompts.ts';
import { codec, roundTools } from './rounds.ts';
import { contentTools, png, text, type FixtureTool } from './tools.ts';

const tools: Readonly<Record<string, FixtureTool>> = {
  ...contentTools, ...roundTools,
  test_trigger_tool_change: { description: 'Tells that the tools have changed', call: () => {
    endpoint.toolsChanged();
    return text('Told.');
  } },
};
const resources = {
  'test://static-text': { mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
  'test://static-binary': { mimeType: 'image/png', blob: png },
  'test://watched-resource': { mimeType: 'text/plain', text: 'Watched' },
};

function make({ era }: McpRequestContext): Server {
  const server = new Server({ name: 'conformance', version: '1.0.0' }, {
    capabilities: { tools: { listChanged: true }, resources: { subscribe: true, listChanged: true }, prompts: { listChanged: true }, completions: {}, logging: {} },
    requestState: { verify: codec.verify },
  });
  server.setRequestHandler('tools/list', () => ({ tools: Object.entries(tools).map(([name, { description, input = { type: 'object', properties: {} } }]) => ({ name, description, inputSchema: { ...input, type: 'object' as const } })) }));
  server.setRequestHandler('tools/call', ({ params }, context) => {
    const tool = Object.entries(tools).find(([name]) => name === params.name)?.[1];
    if (tool === undefined) throw new ProtocolError(-32_602, `Unknown tool ${params.name}`);
    return tool.call((params.arguments ?? {}) as JsonObject, context);
  });
  server.setRequestHandler('resources/list', () => ({ resources: Object.entries(resources).map(([uri, { mimeType }]) => ({ uri, name: uri, mimeType })) }));
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [{ uriTemplate: 'test://template/{id}/data', name: 'template', mimeType: 'application/json' }] }));
  server.setRequestHandler('resources/read', ({ params: { uri } }) => {
    const found = Object.entries(resources).find(([each]) => each === uri)?.[1];
    if (found !== undefined) return { contents: [{ uri, ...found }] };
    const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
    if (id === undefined) throw new ResourceNotFoundError(uri);
    return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }) }] };
  });
  server.setRequestHandler('prompts/list', () => ({ prompts: Object.entries(prompts).map(([name, { description, args = [] }]) => ({ name, description, arguments: args.map((each) => ({ name: each, required: true })) })) }));
  server.setRequestHandler('prompts/get', ({ params }, context) => {
    const prompt: FixturePrompt | undefined = Object.entries(prompts).find(([name]) => name === params.name)?.[1];
    if (prompt === undefined) throw new ProtocolError(-32_602, `Unknown prompt ${params.name}`);
    return prompt.get(params.arguments ?? {}, context);
  });
  server.setRequestHandler('completion/complete', ({ params: { argument } }) => ({ completion: { values: ['paris', 'park', 'party'].filter((each) => each.startsWith(argument.value)), hasMore: false } }));
  if (era === 'legacy') {
    server.setRequestHandler('resources/subscribe', () => ({}));
    server.setRequestHandler('resources/unsubscribe', () => ({}));
  }
  return server;
}

const endpoint = await HttpEndpoint.start({ port: 0, factory: make, onError: ({ message }) => console.error(message) });
const back = new URL(endpoint.url);
const front = createServer((incoming, outgoing) => {
  const address = front.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const moved = (value: string) => value.replace(`:${port}`, `:${back.port}`);
  const headers = { ...incoming.headers, authorization: `Bearer ${endpoint.token}`, host: moved(incoming.headers.host ?? ''), ...(incoming.headers.origin === undefined ? {} : { origin: moved(incoming.headers.origin) }) };
  const onward = request(back, { method: incoming.method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  outgoing.on('close', () => onward.destroy());
  incoming.pipe(onward);
});
front.listen(0, '127.0.0.1', () => {
  const address = front.address();
  if (typeof address === 'object' && address !== null) console.log(`http://127.0.0.1:${address.port}${back.pathname}`);
});
process.stdin.resume().once('end', () => process.exit());
