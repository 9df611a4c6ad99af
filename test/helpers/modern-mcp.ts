import type { IncomingMessage, ServerResponse } from 'node:http';
import { httpSite, type HttpSite } from './http-site.ts';

export interface ModernCall {
  readonly id: number;
  readonly token: number;
  readonly tool: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Answers the call with a result. */
  readonly give: (result: object) => void;
}

/** The revision of 2026-07-28 over HTTP with nothing around it: what a server of node:http alone takes for a call. Tools by their names. */
export function modernMcp(tools: Readonly<Record<string, { readonly definition?: object; readonly call: (call: ModernCall) => void }>>): Promise<HttpSite> {
  const list = Object.entries(tools).map(([name, { definition }]) => ({ name, inputSchema: { type: 'object' }, ...definition }));
  return httpSite((request, response) => {
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const { id, method, params } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly id?: number; readonly method: string; readonly params?: { readonly name?: string; readonly _meta?: { readonly progressToken?: number } } };
      if (id === undefined) return void response.writeHead(202).end();
      const give = (result: object) => {
        const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result: { resultType: 'complete', ...result } }));
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
      };
      if (method === 'server/discover') give({ supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, serverInfo: { name: 'plain', version: '1.0.0' }, ttlMs: 0, cacheScope: 'private' });
      else if (method === 'tools/list') give({ tools: list, ttlMs: 0, cacheScope: 'private' });
      else if (method === 'tools/call') tools[params?.name ?? '']?.call({ id, token: params?._meta?.progressToken ?? -1, tool: params?.name ?? '', request, response, give });
      else give({});
    });
  });
}
