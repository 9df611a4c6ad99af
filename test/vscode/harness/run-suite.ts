import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleSuite, modelProvider } from './bundle.ts';
import { remoteUri } from './server.ts';
import { Session, type SessionOptions } from './session.ts';
import type { TestResult } from './spec.ts';

export interface SuiteRun extends SessionOptions {
  readonly grep?: string | undefined;
  readonly extensionId: string;
  readonly onResult: (result: TestResult) => void;
}

const firstResultMs = 90_000;
const silenceMs = 120_000;

/** Variables that the suite reads inside the extension host; the server hands its environment down. */
export function suiteEnv(resultFile: string, { grep, extensionId, vsix }: Pick<SuiteRun, 'grep' | 'extensionId' | 'vsix'>): Record<string, string> {
  return {
    ASSASSIN_SUITE_RESULTS: resultFile,
    ASSASSIN_EXTENSION_ID: extensionId,
    ...(grep === undefined ? {} : { ASSASSIN_SUITE_GREP: grep }),
    ...(vsix === undefined ? {} : { ASSASSIN_PACKAGED: '1' }),
  };
}

/** Runs `suite/*.test.ts` inside the extension host of a real VS Code server. */
export async function runSuite(options: SuiteRun): Promise<readonly TestResult[]> {
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'ia-suite-'));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const resultFile = join(folder, 'results.jsonl');
  const suite = await bundleSuite();
  const session = cleanup.use(await Session.open({ ...options, companions: [modelProvider], env: { ...options.env, ...suiteEnv(resultFile, options) } }));
  await session.openWorkbench(await session.workspace(), { extensionTestsPath: remoteUri(suite) });
  const results: TestResult[] = [];
  let heard = Date.now();
  for (;;) {
    await sleep(200);
    const lines = existsSync(resultFile) ? readFileSync(resultFile, 'utf8').split('\n').slice(0, -1) : [];
    const fresh = lines.slice(results.length).map((line) => JSON.parse(line) as TestResult | { done: true });
    for (const line of fresh) {
      heard = Date.now();
      if ('done' in line) return results;
      results.push(line);
      options.onResult(line);
    }
    if (Date.now() - heard > (results.length === 0 ? firstResultMs : silenceMs)) {
      const result: TestResult = {
        name: 'the suite in the extension host comes to its end', status: 'failed', ms: Date.now() - heard,
        error: `Nothing was heard after ${results.length} results. Last lines of the workbench's console:\n${session.consoleLines.slice(-25).join('\n')}`,
      };
      options.onResult(result);
      return [...results, result];
    }
  }
}
