import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { inRoot } from '../../../scripts/lib/paths.mjs';
import { bundleSuite, modelProvider, suiteFiles } from './bundle.ts';
import { suiteEnv } from './run-suite.ts';
import type { TestResult } from './spec.ts';

const manifest = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as { publisher: string; name: string };

/** Undefined where VS Code can't be had: that is no failure of the extension. */
async function desktopEditor(): Promise<string | undefined> {
  try {
    return await downloadAndUnzipVSCode({ version: 'stable', cachePath: inRoot('.vscode-test') });
  } catch (error) {
    console.log(`Skipped: desktop VS Code could not be downloaded (${error instanceof Error ? error.message : String(error)}). The same suite runs in the VS Code server: npm test -- --only vscode`);
    return undefined;
  }
}

async function main(): Promise<void> {
  const vscodeExecutablePath = await desktopEditor();
  if (vscodeExecutablePath === undefined) return;
  const folder = await mkdtemp(join(tmpdir(), 'ia-desktop-'));
  const resultFile = join(folder, 'results.jsonl');
  try {
    const workspace = join(folder, 'workspace');
    await cp(inRoot('test', 'vscode', 'workspace'), workspace, { recursive: true });
    await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: [inRoot(), modelProvider],
      extensionTestsPath: await bundleSuite(await suiteFiles()),
      extensionTestsEnv: { ASSASSIN_HOME: join(folder, 'home'), ASSASSIN_TEST_SERVERS: inRoot('node_modules'), ...suiteEnv(resultFile, { extensionId: `${manifest.publisher}.${manifest.name}` }) },
      launchArgs: [workspace, '--disable-workspace-trust', '--disable-extensions', `--user-data-dir=${join(folder, 'user')}`],
    });
  } finally {
    const lines = existsSync(resultFile) ? readFileSync(resultFile, 'utf8').trim().split('\n') : [];
    for (const line of lines.map((text) => JSON.parse(text) as TestResult | { done: true })) {
      if (!('done' in line)) console.log(`  ${line.status} ${line.name}${line.error ? `\n${line.error}` : ''}`);
    }
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
