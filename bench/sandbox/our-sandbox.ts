import { defaultSandboxLimits, type Sandbox, type SandboxHost, type SandboxProgram } from '../../src/sandbox/sandbox.ts';
import type { SandboxFactory } from '../../src/sandbox/sandbox-factory.ts';
import type { RunScope } from '../../src/run/run-scope.ts';
import { buildSandboxFiles, sandboxFactory } from '../../test/helpers/sandbox.ts';
import { withRun } from '../../test/helpers/run.ts';
import { preludeModule } from './prelude.ts';

export const silentHost: SandboxHost = { call: () => Promise.resolve(null), console: () => undefined };

export const program = (source: string): SandboxProgram => ({ modules: new Map([['main.js', source]]), entry: 'main.js', call: 'default', args: [], clock: 'real', random: 'real' });

export interface OurSandboxes {
  readonly factory: SandboxFactory;
  readonly scope: RunScope;
  /** Start, result, gone: leased from a run, on record on the disk, verified. */
  readonly inProduct: (what: SandboxProgram) => Promise<Sandbox>;
}

/** Gives `work` a factory with the prelude and a real run to lease from; both are gone afterwards. */
export async function withOurSandboxes<T>(work: (sandboxes: OurSandboxes) => Promise<T>): Promise<T> {
  using files = await buildSandboxFiles();
  await using factory = sandboxFactory(files, 'quickjs-wasi', { prelude: new Map([['assassin', preludeModule]]), limits: { ...defaultSandboxLimits, hostCalls: 1_000_000 } });
  const result = Promise.withResolvers<T>();
  const run = await withRun([], async (scope) => {
    const inProduct = async (what: SandboxProgram) => {
      await using lease = await factory.lease(scope, 'bench');
      await lease.resource.run(what, silentHost, scope.signal);
      return lease.resource;
    };
    result.resolve(await work({ factory, scope, inProduct }));
    return null;
  });
  run.result();
  return result.promise;
}
