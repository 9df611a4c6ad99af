import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../../chains/functions/http-exchange.ts';

/** The request as the web's own class, its body read. Its signal aborts when the exchange is over. Throws `invalid-input` over the limit. */
export async function webRequest(request: IncomingMessage, response: ServerResponse, origin: string, maxBytes: number): Promise<{ readonly request: Request; readonly body: string }> {
  const headers = new Headers();
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) headers.append(request.rawHeaders[i]!, request.rawHeaders[i + 1]!);
  // The token has done its part; nothing behind this line needs it.
  headers.delete('authorization');
  const over = new AbortController();
  response.once('close', () => over.abort());
  const { method = 'GET', url = '/' } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const body = hasBody ? (await readBody(request, maxBytes)).toString('utf8') : '';
  return { request: new Request(new URL(url.startsWith('/') ? url : '/', origin), { method, headers, signal: over.signal, ...(hasBody ? { body } : {}) }), body };
}

/** Sends what the library answers, piece by piece as it comes. */
export async function sendWebResponse(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  if (answer.body === null) return void response.end();
  if (!(answer.headers.get('content-type') ?? '').startsWith('text/event-stream')) return void response.end(Buffer.from(await answer.arrayBuffer()));
  // A client waits for the head of a stream on which nothing may come for long.
  response.flushHeaders();
  const reader = answer.body.getReader();
  response.once('close', () => void reader.cancel().catch(() => undefined));
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!response.write(value)) await new Promise<void>((resolve) => { response.once('drain', resolve); response.once('close', resolve); });
  }
  response.end();
}
