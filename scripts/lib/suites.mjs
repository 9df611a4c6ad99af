import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { inRoot, productEnv, productNode, root } from './paths.mjs';
import { runCommand } from './run.mjs';

/** @typedef {import('./tally.mjs').Check} Check */
/** @typedef {import('./tally.mjs').SuiteOutcome} SuiteOutcome */
/** @typedef {{ env: NodeJS.ProcessEnv, grep?: string | undefined }} SuiteContext */

const outDir = inRoot('out', 'test');
const minutes = 60_000;

/** @param {string} name */
function freshReport(name) {
  mkdirSync(outDir, { recursive: true });
  const file = inRoot('out', 'test', `${name}.json`);
  rmSync(file, { force: true });
  return file;
}

/** A suite that crashed or hung counts as one failure beside what it had reported. @param {import('./run.mjs').RunResult} result @param {boolean} complete @returns {Check[]} */
function endedBadly({ code, timedOut }, complete) {
  if (timedOut) return [{ name: 'ends in time', ok: false, detail: 'It was stopped at its time limit.' }];
  return complete ? [] : [{ name: 'runs to its end', ok: false, detail: `It ended with code ${code} and without a report; see its output above.` }];
}

/** @typedef {{ fullName: string, status: string, failureMessages?: string[] }} VitestTest */
/** @typedef {{ name: string, status: string, message?: string, assertionResults: VitestTest[] }} VitestFile */
/** @typedef {{ result: import('./run.mjs').RunResult, done: boolean, files: VitestFile[], stray: ReadonlyMap<string, string> }} VitestRun */

/** @param {VitestFile} file @returns {Check[]} */
function checksOf({ name, status, message, assertionResults }) {
  const checks = assertionResults.filter((test) => test.status === 'passed' || test.status === 'failed')
    .map((test) => ({ name: test.fullName, ok: test.status === 'passed', detail: test.failureMessages?.[0] ?? '' }));
  // A file that can't be loaded, or whose hook failed, has no failed test of its own.
  return status === 'failed' && checks.every(({ ok }) => ok) ? [...checks, { name, ok: false, detail: message ?? '' }] : checks;
}

/** Errors that belong to no test, by the file during which they came. @param {string} output @returns {ReadonlyMap<string, string>} */
function strayErrors(output) {
  const found = stripVTControlCharacters(output).matchAll(/^⎯+ [^⎯\n]+ ⎯+\n(?<error>(?:(?!⎯⎯).*\n)*?)This error originated in "(?<file>[^"\n]+)"/gm);
  return new Map([...found].map(({ groups: { file = '', error = '' } = {} }) => [resolve(root, file), error]));
}

/**
 * @param {string} project of vitest.config.ts
 * @param {string} name of the report
 * @param {readonly string[]} args
 * @param {SuiteContext} context
 * @param {{ minutes: number, last: boolean }} options `last`: what fails now has failed; before, no line says so
 * @returns {Promise<VitestRun>}
 */
async function vitestRun(project, name, args, { env, grep }, { minutes: limitMinutes, last }) {
  const report = freshReport(name);
  const watched = Boolean(process.stdout.isTTY);
  const result = await runCommand(productNode(), [
    inRoot('node_modules', 'vitest', 'vitest.mjs'), 'run', '--project', project, '--reporter', watched ? 'default' : 'minimal', '--silent=passed-only', '--reporter', 'json', `--outputFile.json=${report}`,
    ...(grep === undefined ? [] : ['--testNamePattern', grep, '--passWithNoTests']), ...args,
  ], { env: productEnv(env), timeoutMs: limitMinutes * minutes, output: watched ? 'inherit' : (line) => console.log(last ? line : line.replace(/\bFAIL\b/, 'again')) });
  const done = existsSync(report);
  return { result, done, files: done ? JSON.parse(readFileSync(report, 'utf8')).testResults : [], stray: strayErrors(result.output) };
}

/** @param {VitestRun} run @returns {Check[]} */
function strayChecks({ result, done, files, stray }) {
  const checks = [...stray].map(([file, detail]) => ({ name: `no error outside of tests in ${relative(inRoot(), file)}`, ok: false, detail }));
  // What can be laid to no file at all.
  if (done && result.code !== 0 && checks.length === 0 && files.flatMap(checksOf).every(({ ok }) => ok)) {
    checks.push({ name: 'no error outside of tests', ok: false, detail: 'vitest reported an error that belongs to no test, or found none; see its output above.' });
  }
  return [...checks, ...endedBadly(result, done)];
}

/** Files that may fail once, for the machine was busy. More than some have another cause. */
const mostAgain = 10;
const againMinutes = 5;

/**
 * @param {string} project of vitest.config.ts
 * @param {SuiteContext} context
 * @param {number} limitMinutes
 * @param {{ again?: boolean }} [options] `again`: a file with a failure is run once more with nothing beside it, which is printed; what fails twice has failed
 * @returns {Promise<SuiteOutcome>}
 */
export async function vitestSuite(project, context, limitMinutes, { again = false } = {}) {
  const first = await vitestRun(project, project, [], context, { minutes: limitMinutes, last: !again });
  const { files, done } = first;
  const skipped = context.grep === undefined ? files.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => status !== 'passed' && status !== 'failed').length : 0;
  const failed = new Set([...files.filter((file) => checksOf(file).some(({ ok }) => !ok)).map(({ name }) => name), ...first.stray.keys()]);
  if (again && failed.size > mostAgain) console.log(`  ${failed.size} files failed, which is no accident: none is run again`);
  if (!again || !done || failed.size === 0 || failed.size > mostAgain) return { checks: [...files.flatMap(checksOf), ...strayChecks(first)], skipped };
  console.log(`  ${[...failed].map((name) => relative(inRoot(), name)).join(', ')}: run once more with nothing beside`);
  const second = await vitestRun(project, `${project}-again`, ['--maxWorkers', '1', ...failed], context, { minutes: againMinutes, last: true });
  const before = [...files.flatMap(checksOf), ...strayChecks(first)].filter(({ ok }) => !ok);
  const kept = files.filter(({ name }) => !failed.has(name)).flatMap(checksOf);
  const rerun = new Map(second.files.map((file) => [file.name, file]));
  const now = [...failed].flatMap((name) => checksOf(rerun.get(name) ?? { name, status: 'failed', message: 'It was to be run once more and was not.', assertionResults: [] }));
  return { checks: [...kept, ...now, ...strayChecks(second)], skipped, again: before };
}

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @param {SuiteContext} context
 * @returns {Promise<SuiteOutcome>}
 */
export async function vscodeSuite(name, args, { env, grep }) {
  const report = freshReport(name);
  const harness = inRoot('test', 'vscode', 'harness', 'main.ts');
  const result = await runCommand(productNode(), [harness, '--json', report, ...(grep === undefined ? [] : ['--grep', grep]), ...args], {
    env: productEnv(env), timeoutMs: 12 * minutes,
  });
  const done = existsSync(report);
  /** @typedef {{ name: string, status: string, error?: string }} Result */
  /** @type {{ tests: Result[], again: Result[] }} */
  const { tests, again } = done ? JSON.parse(readFileSync(report, 'utf8')) : { tests: [], again: [] };
  const check = (/** @type {Result} */ { name: test, status, error }) => ({ name: test, ok: status === 'passed', detail: error ?? '' });
  const checks = tests.filter(({ status }) => status !== 'skipped').map(check);
  return { checks: [...checks, ...endedBadly(result, done)], skipped: tests.length - checks.length, again: again.map(check) };
}

/**
 * A tool whose exit code is the verdict; counts as one check.
 * @param {string} name
 * @param {readonly string[]} args of Node
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Check>}
 */
export async function gate(name, args, env) {
  const result = await runCommand(productNode(), args, { env: productEnv(env), output: 'capture', timeoutMs: 5 * minutes });
  const ok = result.code === 0;
  console.log(`  ${ok ? 'ok  ' : 'FAIL'} ${name}`);
  if (!ok) console.log(result.output);
  return { name, ok, detail: ok ? '' : result.output };
}
