import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { inRoot, productEnv, productNode } from './paths.mjs';
import { runCommand } from './run.mjs';

/** @typedef {import('./tally.mjs').Check} Check */
/** @typedef {{ checks: Check[], skipped: number }} SuiteOutcome */
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

/** @param {VitestFile} file @returns {Check[]} */
function checksOf({ name, status, message, assertionResults }) {
  const checks = assertionResults.filter((test) => test.status === 'passed' || test.status === 'failed')
    .map((test) => ({ name: test.fullName, ok: test.status === 'passed', detail: test.failureMessages?.[0] ?? '' }));
  // A file that can't be loaded, or whose hook failed, has no failed test of its own.
  return status === 'failed' && checks.every(({ ok }) => ok) ? [...checks, { name, ok: false, detail: message ?? '' }] : checks;
}

/**
 * @param {string} project of vitest.config.ts
 * @param {string} name of the report
 * @param {readonly string[]} args
 * @param {SuiteContext} context
 * @param {number} limitMinutes
 */
async function vitestRun(project, name, args, { env, grep }, limitMinutes) {
  const report = freshReport(name);
  const result = await runCommand(productNode(), [
    inRoot('node_modules', 'vitest', 'vitest.mjs'), 'run', '--project', project, '--reporter', process.stdout.isTTY ? 'default' : 'minimal', '--silent=passed-only', '--reporter', 'json', `--outputFile.json=${report}`,
    ...(grep === undefined ? [] : ['--testNamePattern', grep, '--passWithNoTests']), ...args,
  ], { env: productEnv(env), timeoutMs: limitMinutes * minutes });
  const done = existsSync(report);
  /** @type {VitestFile[]} */
  const files = done ? JSON.parse(readFileSync(report, 'utf8')).testResults : [];
  return { result, done, files };
}

/** Files that may fail once, for the machine was busy. More than a few have another cause. */
const mostAgain = 4;
const againMinutes = 4;

/**
 * @param {string} project of vitest.config.ts
 * @param {SuiteContext} context
 * @param {number} limitMinutes
 * @param {{ again?: boolean }} [options] `again`: a file with a failure is run once more with nothing beside it, which is printed; what fails twice has failed
 * @returns {Promise<SuiteOutcome>}
 */
export async function vitestSuite(project, context, limitMinutes, { again = false } = {}) {
  const { result, done, files } = await vitestRun(project, project, [], context, limitMinutes);
  const checks = [...files.flatMap(checksOf), ...endedBadly(result, done)];
  if (result.code !== 0 && checks.every(({ ok }) => ok)) checks.push({ name: 'no error outside of tests', ok: false, detail: 'vitest reported an error that belongs to no test, or found none; see its output above.' });
  const skipped = context.grep === undefined ? files.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => status !== 'passed' && status !== 'failed').length : 0;
  const failed = files.filter((file) => checksOf(file).some(({ ok }) => !ok));
  if (!again || !done || failed.length === 0 || failed.length > mostAgain) return { checks, skipped };
  console.log(`  ${failed.map(({ name }) => relative(inRoot(), name)).join(', ')}: failed, and run once more with nothing beside`);
  const second = await vitestRun(project, `${project}-again`, ['--maxWorkers', '1', ...failed.map(({ name }) => name)], context, againMinutes);
  const better = new Map(second.files.map((file) => [file.name, file]));
  return { checks: [...files.map((file) => better.get(file.name) ?? file).flatMap(checksOf), ...endedBadly(second.result, second.done)], skipped };
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
    env: productEnv(env), timeoutMs: 10 * minutes,
  });
  const done = existsSync(report);
  /** @type {{ name: string, status: string, error?: string }[]} */
  const tests = done ? JSON.parse(readFileSync(report, 'utf8')).tests : [];
  const checks = tests.filter(({ status }) => status !== 'skipped').map(({ name: test, status, error }) => ({ name: test, ok: status === 'passed', detail: error ?? '' }));
  return { checks: [...checks, ...endedBadly(result, done)], skipped: tests.length - checks.length };
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
