import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { McpCatalog } from '../../src/mcp/catalog/mcp-catalog.ts';
import type { RegistrySettings } from '../../src/mcp/catalog/registries.ts';
import { denyAll } from '../../src/policy/approver.ts';
import type { Rule } from '../../src/policy/authorize.ts';
import { parseGrants } from '../../src/policy/grant.ts';
import { Redactor } from '../../src/policy/redact.ts';
import { processStart } from '../../src/run/process-identity.ts';
import { RunManager } from '../../src/run/run-manager.ts';
import { RunStore } from '../../src/store/run-store.ts';

export interface TestCatalog {
  readonly catalog: McpCatalog;
  readonly store: RunStore;
  readonly folder: string;
  /** The same data directory with other registries. */
  readonly again: (registries: RegistrySettings) => McpCatalog;
}

/** A catalogue as a runtime has it: real runs, a real gate, a data directory of its own. The official registry is taken away: no test asks it. */
export async function withCatalog(registries: RegistrySettings, body: (test: TestCatalog) => Promise<void>, { rules = [], secrets = {} }: { readonly rules?: readonly Rule[]; readonly secrets?: Readonly<Record<string, string>> } = {}): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'test-catalog-'));
  const store = new RunStore(folder);
  try {
    const host = { pid: process.pid, start: (await processStart(process.pid))! };
    const redactor = new Redactor();
    const runs = new RunManager({ store, redactor, host, version: '0.0.0', concurrency: 2 });
    const make = (configured: RegistrySettings) => new McpCatalog({
      dataDirectory: folder, registries: { official: '', ...configured }, secret: (name) => Promise.resolve(secrets[name]), redact: (values) => redactor.add(values),
      start: ({ grants, ...of }, work) => runs.start({ kind: 'function', ...of, workspace: folder, grants: parseGrants(grants, folder), rules, approver: denyAll }, work),
    });
    await body({ catalog: make(registries), store, folder, again: make });
  } finally {
    store[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  }
}
