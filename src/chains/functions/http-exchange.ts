import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { AssassinError, type ErrorInfo } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import { tokenHeader } from './admission.ts';

/** The path at which the runtime interface of AWS Lambda takes events themselves, in place of HTTP requests. */
const invocationPath = /^\/2015-03-31\/functions\/[^/]+\/invocations$/;

/** Headers that concern one connection, and those that we set. */
const ownHeaders = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'content-length', 'date']);

const answer = z.object({
  status: z.int().min(200).max(599),
  headers: z.array(z.tuple([z.string(), z.string()])),
  text: z.string().optional(),
  base64: z.string().optional(),
});

/** Reads the body. Throws `invalid-input` over the limit. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limit) throw new AssassinError('invalid-input', `The body has more than the ${limit} bytes that are allowed.`, { data: { limit: 'maxBodyBytes' } });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The request as it goes into the sandbox. What let the caller in stays outside. */
export function requestOf(request: IncomingMessage, body: Buffer, origin: string): Json {
  const headers: [string, string][] = [];
  const usesOwnHeader = request.headers[tokenHeader] !== undefined;
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i]!.toLowerCase();
    if (name === tokenHeader || ownHeaders.has(name) || (name === 'authorization' && !usesOwnHeader)) continue;
    headers.push([name, request.rawHeaders[i + 1]!]);
  }
  const url = new URL(`${origin}${(request.url ?? '/').startsWith('/') ? request.url : '/'}`);
  return { method: request.method ?? 'GET', url: url.href, headers, invocation: invocationPath.test(url.pathname), ...bodyOf(body) };
}

export function isInvocation(request: IncomingMessage): boolean {
  return invocationPath.test((request.url ?? '').replace(/\?.*$/s, ''));
}

function bodyOf(body: Buffer): { readonly text: string } | { readonly base64: string } | undefined {
  if (body.length === 0) return undefined;
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body) };
  } catch {
    return { base64: body.toString('base64') };
  }
}

/** Sends what came out of the sandbox; gives status and bytes. Throws `invalid-output` where it is no answer. */
export function sendAnswer(response: ServerResponse, value: Json): { readonly status: number; readonly bytes: number } {
  const parsed = answer.safeParse(value);
  if (!parsed.success) throw new AssassinError('invalid-output', 'The function gave no answer that could be sent.', { hint: 'See what it returned in the trace.' });
  const { status, headers, text, base64 } = parsed.data;
  const body = base64 === undefined ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64');
  try {
    for (const [name, each] of headers) if (!ownHeaders.has(name.toLowerCase())) response.appendHeader(name, each);
  } catch (cause) {
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    throw new AssassinError('invalid-output', `The function gave a header that cannot be sent: ${cause instanceof Error ? cause.message : String(cause)}.`, { cause });
  }
  send(response, status, body);
  return { status, bytes: body.length };
}

/** An error of ours, as JSON. `retryAfter` is in seconds. */
export function sendError(response: ServerResponse, status: number, { code, message, hint }: Pick<ErrorInfo, 'code' | 'message' | 'hint'>, retryAfter?: number): void {
  if (response.headersSent || response.destroyed) return;
  response.setHeader('content-type', 'application/json');
  if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter));
  if (status === 401) response.setHeader('www-authenticate', 'Bearer');
  send(response, status, Buffer.from(JSON.stringify({ error: { code, message, ...(hint === undefined ? {} : { hint }) } })));
}

function send(response: ServerResponse, status: number, body: Buffer): void {
  response.setHeader('x-content-type-options', 'nosniff');
  if (![204, 205, 304].includes(status)) response.setHeader('content-length', body.length);
  response.writeHead(status).end(body);
}
