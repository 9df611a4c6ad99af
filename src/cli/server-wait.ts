import type { McpConnection } from '../mcp/mcp-connection.ts';
import { defaultConnectTimeoutMs } from '../mcp/mcp-config.ts';
import type { Runtime } from '../runtime.ts';
import { AssassinError } from '../shared/errors.ts';
import type { CliContext, CommonOptions } from './cli-context.ts';
import { onInterrupt } from './interrupts.ts';
import { WaitingLine } from './views/waiting-line.ts';

/** A person's looks at MCP servers: says on the terminal which one is waited for, and an interrupt ends those that were started for it. */
export class ServerWait implements Disposable {
  readonly #mcp: Runtime['mcp'];
  readonly #line: WaitingLine | undefined;
  readonly #interrupts: Disposable;
  readonly #stop = new AbortController();

  constructor({ terminal }: CliContext, { mcp }: Pick<Runtime, 'mcp'>, { json = false }: CommonOptions) {
    this.#mcp = mcp;
    this.#line = json ? undefined : new WaitingLine(terminal);
    this.#interrupts = onInterrupt({
      signals: process, cancel: (reason) => this.#stop.abort(new AssassinError('cancelled', reason)), note: (text) => terminal.note(text), exitNow: (code) => process.exit(code),
      first: 'Stopping: ending the servers that were started. Interrupt again to end at once.',
    });
  }

  /** Starts a server for this look where it is not started. Throws `cancelled` once it was interrupted, and what the work throws. */
  async look<T>(server: string, work: (connection: McpConnection) => Promise<T>): Promise<T> {
    using _line = this.#line?.add(server, this.#mcp.config(server)?.connectTimeoutMs ?? defaultConnectTimeoutMs);
    try {
      return await this.#mcp.look(server, work, this.#stop.signal);
    } catch (error) {
      this.#stop.signal.throwIfAborted();
      throw error;
    }
  }

  /** Throws `cancelled` where it was interrupted. */
  throwIfInterrupted(): void {
    this.#stop.signal.throwIfAborted();
  }

  [Symbol.dispose](): void {
    this.#interrupts[Symbol.dispose]();
    this.#line?.[Symbol.dispose]();
  }
}
