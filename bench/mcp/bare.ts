import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { everythingScript } from '../../test/helpers/mcp.ts';

/** The official client alone: no gate, no record, no sandbox. */
export async function bare(transport: Transport, mode: 'legacy' | 'auto' = 'legacy'): Promise<Client & AsyncDisposable> {
  const client = new Client({ name: 'bare', version: '1.0.0' }, { versionNegotiation: { mode } });
  await client.connect(transport);
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

export function everything(): StdioClientTransport {
  return new StdioClientTransport({ command: process.execPath, args: [everythingScript], stderr: 'ignore' });
}

export function overHttp(url: string, token: string): StreamableHTTPClientTransport {
  return new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: `Bearer ${token}` } } });
}

/** Milliseconds for each of `calls` calls, one after the other. */
export async function each(calls: number, call: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  for (let i = 0; i < calls; i += 1) await call();
  return (performance.now() - began) / calls;
}

/** Calls a second with `atOnce` of them under way. */
export async function rate(calls: number, atOnce: number, call: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  let left = calls;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (left-- > 0) await call();
  }));
  return (calls * 1000) / (performance.now() - began);
}
