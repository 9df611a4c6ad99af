import type { FetchLike, JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import { parsedJson } from '../shared/json.ts';
import { DirectCalls } from './direct-calls.ts';
import type { Sdk } from './sdk.ts';
import { sseData } from './sse-data.ts';

export interface DirectHttpOptions {
  readonly sdk: Sdk;
  readonly url: URL;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: FetchLike;
  /** Hears what is no answer of such a call, and is asked first where the library repeats one. */
  readonly transport: Transport;
}

/**
 * Calls of tools over HTTP, past the library's transport as well: of a call to a server that answers at once, nine parts of ten were its objects for requests,
 * answers and streams. Only for the revision of 2026, in which an answer belongs to its request and is not taken up again after a break.
 */
export function directHttp({ sdk, url, headers, fetch, transport }: DirectHttpOptions): DirectCalls {
  const head = { ...Object.fromEntries(new Headers(headers)), 'content-type': 'application/json', accept: 'application/json, text/event-stream', 'mcp-method': 'tools/call' };
  const hear = (message: unknown) => {
    if (!direct.take(message)) transport.onmessage?.(sdk.parseJSONRPCMessage(message));
  };
  const ask = async (message: JSONRPCMessage, signal: AbortSignal) => {
    // Closing the request is how a call is cancelled here.
    if (!('id' in message) || !('params' in message)) return;
    const { name, _meta: meta } = message.params as { readonly name: string; readonly _meta: Readonly<Record<string, string>> };
    const response = await fetch(url, { method: 'POST', redirect: 'manual', signal, body: JSON.stringify(message), headers: { ...head, 'mcp-name': name, 'mcp-protocol-version': meta[sdk.PROTOCOL_VERSION_META_KEY]! } });
    const type = response.headers.get('content-type') ?? '';
    if (response.ok && sdk.isJsonContentType(type)) return hear(await response.json());
    if (response.ok && type.startsWith('text/event-stream') && response.body !== null) {
      for await (const data of sseData(response.body)) hear(JSON.parse(data));
      throw new sdk.SdkError(sdk.SdkErrorCode.ConnectionClosed, 'The answer ended before it was whole');
    }
    const text = await response.text();
    const refusal = response.status === 400 ? parsedJson(text) : undefined;
    if (refusal !== undefined && direct.take(refusal)) return;
    throw new sdk.SdkHttpError(sdk.SdkErrorCode.ClientHttpNotImplemented, `Error POSTing to endpoint: ${text}`, { status: response.status, statusText: response.statusText, text });
  };
  const direct: DirectCalls = new DirectCalls((message, { signal }, failed) => void ask(message, signal).catch(failed), ['modern']);
  const send = transport.send.bind(transport);
  transport.send = async (message: JSONRPCMessage, options) => {
    const answer = direct.answerTo(message);
    if (answer === undefined) return send(message, options);
    queueMicrotask(() => transport.onmessage?.(sdk.parseJSONRPCMessage(answer)));
  };
  transport.onclose = () => direct.lost(new sdk.SdkError(sdk.SdkErrorCode.ConnectionClosed, 'Connection closed'));
  return direct;
}
