// node test/vscode/harness/main.ts [--parts suite,ui] [--share FOLDER] [--files NAME,NAME] [--vsix FILE] [--grep TEXT] [--json FILE] [--extension FOLDER]
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { inRoot } from '../../../scripts/lib/paths.mjs';
import { runSuite } from './run-suite.ts';
import { runUi } from './run-ui.ts';
import type { TestResult } from './spec.ts';

const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: 'suite,ui' }, vsix: { type: 'string' }, grep: { type: 'string' }, files: { type: 'string' }, share: { type: 'string' }, json: { type: 'string' }, extension: { type: 'string' },
  },
});

const parts = values.parts.split(',');
const vsix = values.vsix === undefined ? undefined : resolve(values.vsix);
const extension = values.extension === undefined ? undefined : resolve(values.extension);
const manifest = JSON.parse(readFileSync(join(extension ?? inRoot(), 'package.json'), 'utf8')) as { publisher: string; name: string };
const results: TestResult[] = [];
/** What failed and was run once more. */
const again: TestResult[] = [];

function print(result: TestResult, last: boolean): void {
  if (result.status === 'failed' && !last) again.push(result);
  const mark = { passed: 'ok  ', failed: last ? 'FAIL' : 'again', skipped: 'skip' }[result.status];
  console.log(`  ${mark} ${result.name} (${result.ms} ms)`);
  for (const note of result.notes ?? []) console.log(`       ${note}`);
  if (result.error) console.log(result.error.replace(/^/gm, '       '));
}

const options = {
  vsix, extension, share: values.share, grep: values.grep, files: values.files?.split(','),
  extensionId: `${manifest.publisher}.${manifest.name}`, onResult: print,
};
if (parts.includes('suite')) results.push(...(await runSuite(options)));
if (parts.includes('ui')) results.push(...(await runUi(options)));

if (values.json) writeFileSync(values.json, JSON.stringify({ tests: results, again }));
const count = (status: TestResult['status']) => results.filter((result) => result.status === status).length;
console.log(`  ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
// What is still open, such as a page that no longer answers, must not keep a program that has said everything.
process.exit(count('failed') > 0 ? 1 : 0);
