import { join } from 'node:path';
import { denyAll } from '../../src/policy/approver.ts';
import type { RunOutcome } from '../../src/run/run-manager.ts';
import { Runtime } from '../../src/runtime.ts';
import { defaultSettings, type RuntimeOptions, type RuntimeSettings } from '../../src/runtime-options.ts';
import type { EventOf, EventType, JournalEvent } from '../../src/shared/events.ts';
import type { Json } from '../../src/shared/json.ts';
import type { StartChainOptions } from '../../src/chains/chain-runner.ts';
import { recallBrowsers, rememberBrowsers } from './known-browsers.ts';
import type { SandboxFiles } from './sandbox.ts';
import { testWorkspace } from './workspace.ts';

export interface ChainTest extends AsyncDisposable {
  readonly runtime: Runtime;
  /** Absolute path of the workspace. */
  readonly workspace: string;
  /** Runs a chain of the workspace to its end. */
  run(chain: string, input?: Json, options?: StartChainOptions): Promise<ChainRun>;
  finish(id: string, outcome: Promise<RunOutcome>): Promise<ChainRun>;
}

export interface ChainRun {
  readonly outcome: RunOutcome;
  readonly events: readonly JournalEvent[];
  of<T extends EventType>(type: T): readonly EventOf<T>[];
}

/** The whole runtime with these files as its workspace; the chain `main` is `.assassin/chains/main.ts`. */
export async function chainTest(sandbox: SandboxFiles, files: Readonly<Record<string, string>> | string, options: { readonly settings?: Partial<RuntimeSettings> } & Partial<Pick<RuntimeOptions, 'approver' | 'editor' | 'trusted' | 'secret' | 'storeSecret' | 'mcpInput' | 'screen' | 'log' | 'dataDirectory'>> = {}): Promise<ChainTest> {
  const workspace = testWorkspace(typeof files === 'string' ? { '.assassin/chains/main.ts': files } : files);
  const data = testWorkspace();
  const runtime = await Runtime.open({
    workspace: workspace.path, dataDirectory: join(data.path, 'store'), distDirectory: sandbox.assets, version: '0.0.0', log: () => undefined,
    ...options, approver: options.approver ?? denyAll, settings: { ...defaultSettings, ...options.settings },
  });
  recallBrowsers(runtime.store);
  const finish = async (id: string, ended: Promise<RunOutcome>): Promise<ChainRun> => {
    const outcome = await ended;
    const events = runtime.events(id);
    return { outcome, events, of: (type) => events.filter((event): event is EventOf<typeof type> => event.type === type) };
  };
  return {
    runtime,
    workspace: workspace.path,
    finish,
    run: async (chain, input = null, startOptions = {}) => {
      const handle = await runtime.startChain(chain, input, startOptions);
      return finish(handle.id, handle.outcome);
    },
    [Symbol.asyncDispose]: async () => {
      await runtime[Symbol.asyncDispose]();
      rememberBrowsers(runtime.store.directory);
      data[Symbol.dispose]();
      workspace[Symbol.dispose]();
    },
  };
}
