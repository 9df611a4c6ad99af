import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { denyAll } from '../../src/policy/approver.ts';
import { Runtime } from '../../src/runtime.ts';
import { defaultSettings } from '../../src/runtime-options.ts';
import { task, type Loop, type LoopJob } from './loop-job.ts';

/** The product as it is: run, gate, audit log and journal on the disk included. */
export async function ourLoop({ baseUrl, folder, turns }: Pick<LoopJob, 'baseUrl' | 'folder' | 'turns'>): Promise<Loop> {
  const runtime = await Runtime.open({
    workspace: folder, dataDirectory: join(folder, '.data'), distDirectory: pathToFileURL(join(import.meta.dirname, '../../dist/')), version: '0.0.0', approver: denyAll, log: () => undefined,
    settings: { ...defaultSettings, discoverModels: false, modelProviders: [{ kind: 'openai-compatible', name: 'bench', baseUrl }] },
  });
  return {
    run: async () => {
      const handle = await runtime.startTask(task, { model: 'bench/scripted', maxTurns: turns * 3, budget: { tokens: 10_000_000 } });
      const { result, error } = await handle.outcome;
      if (error) throw new Error(`${error.code}: ${error.message}`);
      return String((result as { readonly answer: unknown }).answer);
    },
    close: () => runtime[Symbol.asyncDispose](),
  };
}
