import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleSuite, modelProvider, suiteFiles } from './bundle.ts';
import { remoteUri } from './server.ts';
import { Session, type SessionOptions } from './session.ts';
import type { OnResult, TestResult } from './spec.ts';

export interface SuiteRun extends SessionOptions {
  readonly grep?: string | undefined;
  /** Names of the files that are run; all where absent. */
  readonly files?: readonly string[] | undefined;
  readonly extensionId: string;
  readonly onResult: OnResult;
}

interface Attempt {
  readonly results: readonly TestResult[];
  /** Files with a failure, and those that it did not come to. */
  readonly failed: readonly string[];
}

const firstResultMs = 150_000;
/** Longer than any test of the suite may take. */
const silenceMs = 240_000;

/** Variables that the suite reads inside the extension host; the server hands its environment down. */
export function suiteEnv(resultFile: string, { grep, extensionId, vsix }: Pick<SuiteRun, 'grep' | 'extensionId' | 'vsix'>): Record<string, string> {
  return {
    ASSASSIN_SUITE_RESULTS: resultFile,
    ASSASSIN_EXTENSION_ID: extensionId,
    ...(grep === undefined ? {} : { ASSASSIN_SUITE_GREP: grep }),
    ...(vsix === undefined ? {} : { ASSASSIN_PACKAGED: '1' }),
  };
}

/** Runs `suite/*.test.ts` inside the extension host of a real VS Code server. A file that fails is run once more in a fresh editor; what fails twice has failed. */
export async function runSuite(options: SuiteRun): Promise<readonly TestResult[]> {
  const files = (await suiteFiles()).filter((name) => options.files?.includes(name) ?? true);
  if (files.length === 0) return [];
  const first = await attempt(files, options, false);
  if (first.failed.length === 0) return first.results;
  console.log(`  ${first.failed.join(', ')}: run once more in a fresh editor`);
  const second = await attempt(first.failed, options, true);
  return [...first.results.filter(({ file }) => file !== undefined && !first.failed.includes(file)), ...second.results];
}

async function attempt(files: readonly string[], options: SuiteRun, last: boolean): Promise<Attempt> {
  const results: TestResult[] = [];
  const report = (result: TestResult) => {
    results.push(result);
    options.onResult(result, last);
  };
  try {
    await runFiles(files, options, last, report);
  } catch (error) {
    report({ name: 'the suite in the extension host comes to its end', status: 'failed', ms: 0, error: error instanceof Error ? error.message : String(error) });
    // Files are run in this order: what comes after the last that was heard of was not run, or not to its end.
    const heard = results.findLast(({ file }) => file !== undefined)?.file;
    const before = heard === undefined ? [] : files.slice(0, files.indexOf(heard));
    return { results, failed: files.filter((name) => !before.includes(name) || hasFailed(results, name)) };
  }
  return { results, failed: files.filter((name) => hasFailed(results, name)) };
}

const hasFailed = (results: readonly TestResult[], name: string) => results.some(({ file, status }) => file === name && status === 'failed');

/** Throws where the editor does not open, or nothing is heard of it any more. */
async function runFiles(files: readonly string[], options: SuiteRun, last: boolean, report: (result: TestResult) => void): Promise<void> {
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'ia-suite-'));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const resultFile = join(folder, 'results.jsonl');
  const suite = await bundleSuite(files);
  const env = { ...options.env, ...suiteEnv(resultFile, options), ...(last ? {} : { ASSASSIN_SUITE_STOP: '1' }) };
  const session = cleanup.use(await Session.open({ ...options, companions: [modelProvider], env }));
  await session.openWorkbench(await session.workspace(), { extensionTestsPath: remoteUri(suite) });
  let heard = Date.now();
  for (let read = 0; ;) {
    await sleep(200);
    // What comes after the last line break is still being written.
    const lines = existsSync(resultFile) ? readFileSync(resultFile, 'utf8').split('\n').slice(0, -1) : [];
    for (const line of lines.slice(read).map((text) => JSON.parse(text) as TestResult | { done: true })) {
      if ('done' in line) return;
      report(line);
    }
    if (lines.length > read) heard = Date.now();
    read = lines.length;
    if (Date.now() - heard > (read === 0 ? firstResultMs : silenceMs)) {
      throw new Error(`Nothing was heard after ${read} results. Last lines of the workbench's console:\n${session.consoleLines.slice(-25).join('\n')}`);
    }
  }
}
