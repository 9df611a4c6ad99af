import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Definition } from '../../src/mcp/admission.ts';
import { ServerTrust } from '../../src/mcp/trust/server-trust.ts';
import type { JsonObject } from '../../src/shared/json.ts';
import { RunStore } from '../../src/store/run-store.ts';

export interface TestTrust extends Disposable {
  readonly directory: string;
  readonly store: RunStore;
  readonly trust: ServerTrust;
  readonly log: readonly string[];
  /** As another program that opens the same record. */
  again(folder?: string): ServerTrust;
}

/** What is believed of servers, with a real record in a folder of its own. */
export function testTrust(workspace = '/w'): TestTrust {
  const directory = mkdtempSync(join(tmpdir(), 'test-trust-'));
  const store = new RunStore(directory);
  const log: string[] = [];
  const again = (folder = workspace) => new ServerTrust({ pins: store.mcpPins, workspace: folder, redact: (text) => text, log: (_level, message) => void log.push(message) });
  return {
    directory, store, trust: again(), log, again,
    [Symbol.dispose]: () => {
      store[Symbol.dispose]();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A tool as a server defines it. */
export function definedTool(raw: JsonObject & { readonly name: string }): Definition {
  const whole = { description: 'Searches the shop.', inputSchema: { type: 'object', properties: { q: { type: 'string' } } }, ...raw };
  return { kind: 'tool', name: raw.name, raw: whole, tool: { name: raw.name, description: '', inputSchema: {} } };
}
