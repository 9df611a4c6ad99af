import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type * as library from '@modelcontextprotocol/server';
import { Admission } from '../../chains/functions/admission.ts';
import { listenOnLoopback } from '../../chains/functions/listen-on-loopback.ts';
import { AssassinError } from '../../shared/errors.ts';
import { parsedJson } from '../../shared/json.ts';
import { refuse, type Refusal } from '../refuse.ts';
import { LegacySessions } from './legacy-sessions.ts';
import { sendWebResponse, webRequest } from './web-exchange.ts';

export interface EndpointOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** A new one where absent. */
  readonly token?: string;
  readonly factory: library.McpServerFactory;
  readonly onError: (error: Error) => void;
}

const path = '/mcp';
const maxBodyBytes = 4 * 1024 * 1024;
const maxConnections = 256;

/**
 * An MCP endpoint on 127.0.0.1 for both eras of the protocol. Whoever knows the token and means this server is let in: a web page that sends requests here,
 * also by a name of its own that it points to this address, shows itself by `Origin` and `Host`.
 */
export class HttpEndpoint implements AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly #server: Server;
  readonly #admission: Admission;
  readonly #library: typeof library;
  readonly #modern: library.McpHttpHandler;
  readonly #legacy: LegacySessions;
  readonly #onError: (error: Error) => void;

  private constructor(server: Server, port: number, parts: typeof library, { token = randomBytes(24).toString('base64url'), factory, onError }: EndpointOptions) {
    this.url = `http://127.0.0.1:${port}${path}`;
    this.token = token;
    this.#server = server;
    this.#library = parts;
    this.#onError = onError;
    this.#admission = new Admission({ port, token, origins: [] });
    this.#modern = parts.createMcpHandler(factory, { legacy: 'reject', onerror: onError, maxRequestBodySize: maxBodyBytes });
    this.#legacy = new LegacySessions(parts, factory);
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  /** Throws `invalid-input` where the port is taken. */
  static async start(options: EndpointOptions): Promise<HttpEndpoint> {
    const parts = await import('@modelcontextprotocol/server');
    // Calls wait for people: only heads and bodies that come drop by drop are cut off.
    const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 30_000 });
    server.maxConnections = maxConnections;
    return new HttpEndpoint(server, await listenOnLoopback(server, options.port), parts, options);
  }

  toolsChanged(): void {
    this.#modern.notify.toolsChanged();
    this.#legacy.toolsChanged();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => { this.#server.close(() => resolve()); });
    await Promise.all([this.#modern.close(), this.#legacy[Symbol.asyncDispose]()]);
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const refused = this.#refusal(request);
      if (refused !== undefined) return refuse(request, response, refused.status, errorBody(refused.message));
      const web = await webRequest(request, response, this.url, maxBodyBytes);
      // Where it is not JSON the library answers in the words of the protocol.
      const parsedBody = parsedJson(web.body);
      const legacy = await this.#library.isLegacyRequest(web.request, parsedBody);
      const options = parsedBody === undefined ? {} : { parsedBody };
      await sendWebResponse(await (legacy ? this.#legacy.answer(web.request, parsedBody) : this.#modern.fetch(web.request, options)), response);
    } catch (error) {
      if (AssassinError.isInstance(error) && error.code === 'invalid-input') return refuse(request, response, 413, errorBody(error.message));
      this.#onError(error instanceof Error ? error : new Error(String(error)));
      refuse(request, response, 500, errorBody('The request could not be answered.'));
    }
  }

  #refusal(request: IncomingMessage): Refusal | undefined {
    const refused = this.#admission.refusal(request.headers);
    if (refused?.status === 401) return { status: 401, message: 'The token is missing or wrong. Send the one that this server was started with as "Authorization: Bearer TOKEN".' };
    if (refused !== undefined) return { status: refused.status, message: 'Only programs of this computer that address 127.0.0.1 or localhost may connect, and no web pages.' };
    return (request.url ?? '').replace(/\?.*$/s, '') === path ? undefined : { status: 404, message: `MCP is at ${path}.` };
  }
}

/** As the protocol tells of an error that belongs to no request. */
const errorBody = (message: string) => ({ jsonrpc: '2.0', error: { code: -32_000, message }, id: null });
