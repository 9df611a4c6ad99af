import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { inTransaction } from './transaction.ts';

/** `server`: how it is started; `listed`: that a kind of list has been seen. The others are what servers say of themselves. */
export type PinKind = 'server' | 'listed' | 'instructions' | 'tool' | 'prompt' | 'resource-template';

/** What was approved of an MCP server, word for word. */
export interface McpPin {
  readonly kind: PinKind;
  readonly name: string;
  readonly hash: string;
  /** The text that was approved: canonical JSON of a definition, or the command of a server. */
  readonly definition: string;
}

interface Row extends McpPin {
  readonly server: string;
}

/** Approvals of MCP servers and of what they define, by workspace. They only ever narrow what is offered: a record that is missing costs a look, never a door. */
export class McpPins {
  readonly #db: DatabaseSync;
  readonly #of: StatementSync;
  readonly #one: StatementSync;
  readonly #put: StatementSync;
  readonly #forget: StatementSync;
  readonly #tools: StatementSync;
  readonly #lost: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#of = db.prepare('SELECT kind, name, hash, definition FROM mcp_pins WHERE workspace = ? AND server = ?');
    this.#one = db.prepare('SELECT kind, name, hash, definition FROM mcp_pins WHERE workspace = ? AND server = ? AND kind = ? AND name = ?');
    this.#put = db.prepare('INSERT OR REPLACE INTO mcp_pins (workspace, server, kind, name, hash, definition, at) VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#forget = db.prepare('DELETE FROM mcp_pins WHERE workspace = ? AND server = ?');
    this.#tools = db.prepare("SELECT server, name FROM mcp_pins WHERE workspace = ? AND server <> ? AND kind = 'tool'");
    this.#lost = db.prepare('SELECT 1 FROM mcp_pins_lost LIMIT 1');
  }

  /** An earlier record was damaged: what had been approved is not known any more, so that a first sight is none. */
  get lost(): boolean {
    return this.#lost.get() !== undefined;
  }

  of(workspace: string, server: string): readonly McpPin[] {
    return this.#of.all(workspace, server) as unknown as McpPin[];
  }

  one(workspace: string, server: string, kind: PinKind, name: string): McpPin | undefined {
    return this.#one.get(workspace, server, kind, name) as unknown as McpPin | undefined;
  }

  put(workspace: string, server: string, pins: readonly McpPin[]): void {
    for (const { kind, name, hash, definition } of pins) this.#put.run(workspace, server, kind, name, hash, definition, Date.now());
  }

  forget(workspace: string, server: string): void {
    this.#forget.run(workspace, server);
  }

  /** Tools that were approved of all other servers of the workspace. */
  otherTools(workspace: string, server: string): readonly Pick<Row, 'server' | 'name'>[] {
    return this.#tools.all(workspace, server) as unknown as Pick<Row, 'server' | 'name'>[];
  }

  /** Reads and writes as one: two windows that see a server for the first time do not both decide on it. */
  atomically<T>(work: () => T): T {
    return inTransaction(this.#db, work);
  }
}
