import { randomUUID } from 'node:crypto';
import type * as library from '@modelcontextprotocol/server';

interface Session {
  readonly server: Pick<library.Server, 'close'> & { sendToolListChanged(): unknown };
  readonly transport: library.WebStandardStreamableHTTPServerTransport;
  usedAt: number;
  /** Answers that have not been sent yet. */
  open: number;
}

const maxSessions = 64;
/** A client that ends without saying so leaves its session; without an open stream it is forgotten after this time. */
const idleMs = 30 * 60_000;

/** Clients of the revisions up to 2025-11-25: each has a session, in which calls can be cancelled and changes are told. */
export class LegacySessions implements AsyncDisposable {
  readonly #library: typeof library;
  readonly #factory: library.McpServerFactory;
  readonly #sessions = new Map<string, Session>();

  constructor(parts: typeof library, factory: library.McpServerFactory) {
    this.#library = parts;
    this.#factory = factory;
  }

  get size(): number {
    return this.#sessions.size;
  }

  async answer(request: Request, parsedBody: unknown): Promise<Response> {
    const id = request.headers.get('mcp-session-id');
    if (id !== null) {
      const session = this.#sessions.get(id);
      // With 404 a client begins a new session by itself.
      return session === undefined ? refusal(404, -32_001, 'Session not found') : this.#handle(session, request, parsedBody);
    }
    if (!isInitialize(parsedBody)) return refusal(400, -32_600, 'Bad Request: the session is missing. Begin with initialize.');
    this.#forgetIdle();
    if (this.#sessions.size >= maxSessions) return refusal(503, -32_000, `There are ${maxSessions} sessions already. End one, or try again later.`);
    return this.#handle(await this.#open(), request, parsedBody);
  }

  toolsChanged(): void {
    for (const { server } of this.#sessions.values()) void Promise.resolve(server.sendToolListChanged()).catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(sessions.map(({ server }) => server.close()));
  }

  async #open(): Promise<Session> {
    const server = await this.#factory({ era: 'legacy' });
    const transport = new this.#library.WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void this.#sessions.set(id, session),
      onsessionclosed: (id) => void this.#sessions.delete(id),
    });
    const session: Session = { server, transport, usedAt: Date.now(), open: 0 };
    await server.connect(transport);
    return session;
  }

  async #handle(session: Session, request: Request, parsedBody: unknown): Promise<Response> {
    session.usedAt = Date.now();
    // A client may be gone by now: nobody would take its answer off the count.
    if (!request.signal.aborted) {
      session.open += 1;
      request.signal.addEventListener('abort', () => { session.open -= 1; }, { once: true });
    }
    return session.transport.handleRequest(request, parsedBody === undefined ? {} : { parsedBody });
  }

  #forgetIdle(): void {
    for (const [id, session] of this.#sessions) {
      if (session.open > 0 || Date.now() - session.usedAt < idleMs) continue;
      this.#sessions.delete(id);
      void session.server.close();
    }
  }
}

function isInitialize(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'method' in body && body.method === 'initialize';
}

function refusal(status: number, code: number, message: string): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status });
}
