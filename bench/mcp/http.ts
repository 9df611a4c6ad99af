import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Server } from '@modelcontextprotocol/server';
import { HttpEndpoint } from '../../src/serve/http/http-endpoint.ts';
import { serverConfig } from '../../test/helpers/mcp.ts';
import { row, type Row } from '../browser/statistics.ts';
import { bare, each, overHttp } from './bare.ts';
import { hubWith } from './hub.ts';

const rounds = 9;
const calls = 300;

interface Place {
  readonly url: string;
  readonly token: string;
}

/** Calls over HTTP, one after the other: against a server of node:http alone in a process of its own, and against our own published one in this process. */
export async function onHttp(): Promise<readonly Row[]> {
  return [...await onPlainServer(), ...await onPublishedServer()];
}

async function onPlainServer(): Promise<readonly Row[]> {
  const server = spawn(process.execPath, [fileURLToPath(new URL('plain-server.ts', import.meta.url))], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [port] = await once(server.stdout, 'data') as [Buffer];
    const [ours, client, roundTrip] = await timed({ url: `http://127.0.0.1:${port.toString().trim()}/mcp`, token: 'none' });
    return [row('HTTP, one call after the other', 'ms', ours, client, 'the official client alone'), row('HTTP, beside a round trip of node:http', 'ms', ours, roundTrip, 'node:http asking the same, with the message made ahead', 2.5)];
  } finally {
    const gone = once(server, 'exit');
    server.kill();
    await gone;
  }
}

async function onPublishedServer(): Promise<readonly Row[]> {
  const factory = () => {
    const server = new Server({ name: 'echo', version: '1.0.0' }, { capabilities: { tools: {} } });
    server.setRequestHandler('tools/list', () => ({ tools: [{ name: 'echo', inputSchema: { type: 'object' as const } }] }));
    server.setRequestHandler('tools/call', () => ({ content: [{ type: 'text', text: 'x' }] }));
    return server;
  };
  await using endpoint = await HttpEndpoint.start({ port: 0, factory, onError: (error) => { throw error; } });
  const [ours, client, roundTrip] = await timed(endpoint);
  return [row('HTTP, our published server, one call after the other', 'ms', ours, client, 'the official client alone'), row('HTTP, our published server, beside a round trip of node:http', 'ms', ours, roundTrip, 'node:http asking the same, with the message made ahead: what the server takes')];
}

/** Milliseconds a call in each round: through the hub, through the official client, and by node:http with nothing around it. */
async function timed({ url, token }: Place): Promise<readonly [ours: readonly number[], client: readonly number[], roundTrip: readonly number[]]> {
  const agent = new Agent({ keepAlive: true });
  const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {}, 'io.modelcontextprotocol/clientInfo': { name: 'bare', version: '1.0.0' } };
  const message = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: { message: 'x' }, _meta: meta } });
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream', authorization: `Bearer ${token}`, 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'echo' };
  const roundTrip = () => new Promise<void>((resolve, reject) => {
    request(url, { method: 'POST', agent, headers }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`HTTP ${answer.statusCode}`));
      answer.resume().on('end', resolve);
    }).on('error', reject).end(message);
  });
  await using hub = hubWith([serverConfig('echo', { type: 'http', url, headers: { authorization: `Bearer ${token}` } })]);
  await using client = await bare(overHttp(url, token), 'auto');
  try {
    return await hub.look('echo', async (connection) => {
      const ways = [() => connection.callTool('echo', { message: 'x' }), () => client.callTool({ name: 'echo', arguments: { message: 'x' } }), roundTrip];
      const [ours, theirs, least]: readonly [number[], number[], number[]] = [[], [], []];
      for (const way of ways) await each(calls, way);
      for (let i = 0; i < rounds; i += 1) for (const [at, times] of [ours, theirs, least].entries()) times.push(await each(calls, ways[at]!));
      return [ours, theirs, least];
    });
  } finally {
    agent.destroy();
  }
}
