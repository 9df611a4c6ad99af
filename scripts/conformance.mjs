// npm run conformance [-- --server] [-- --scenario NAME] [-- --json]: our MCP client, or with --server the layer by which we are a server, against the
// scenarios of @modelcontextprotocol/conformance, one at a time.
// What is expected to fail stands in conformance-expected.json with a reason. A scenario beyond that list fails the command, and so does one that
// passes although it is listed: the list only ever gets shorter.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { scenario: { type: 'string', multiple: true }, server: { type: 'boolean', default: false }, json: { type: 'boolean', default: false }, verbose: { type: 'boolean', default: false } } });
const root = fileURLToPath(new URL('..', import.meta.url));
const suite = join(root, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');
// Of the server scenarios that a revision requires none is expected to fail.
const expected = values.server ? {} : JSON.parse(readFileSync(join(root, 'scripts/conformance-expected.json'), 'utf8'));
const output = mkdtempSync(join(tmpdir(), 'conformance-results-'));

/** @param {readonly string[]} args @returns {Promise<{ code: number | null, text: string }>} */
function run(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [suite, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
    child.once('exit', (code) => resolve({ code, text }));
  });
}

async function clientScenarios() {
  const { text } = await run(['list']);
  const part = text.slice(text.indexOf('Client scenarios'), text.indexOf('Authorization server scenarios'));
  return [...part.matchAll(/^ {2}- (\S+) \[([^\]]*)\]/gm)].map(([, name = '', revisions = '']) => ({ name, revisions }));
}

// The suite splits the command at spaces and gives it to a shell: neither may hold one.
const client = 'node --disable-warning=ExperimentalWarning scripts/conformance-client.ts';

/** The scenarios that a server must pass in both eras of the protocol. */
async function serverScenarios() {
  const found = [];
  for (const revisions of ['2025-11-25', '2026-07-28']) {
    const { text } = await run(['list', '--server', '--requirements', revisions]);
    const part = text.slice(text.indexOf('Server scenarios'), text.search(/Client scenarios|Run and reported/));
    for (const [, name = ''] of part.matchAll(/^ {2}- (\S+)/gm)) found.push({ name, revisions });
  }
  return found;
}

/** @returns {Promise<{ url: string, stop: () => void }>} */
async function startServer() {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'scripts/conformance-server/main.ts'], { cwd: root, stdio: ['pipe', 'pipe', values.verbose ? 'inherit' : 'ignore'] });
  const url = await new Promise((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve(String(chunk).trim()));
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}. Run it with --verbose.`)));
  });
  return { url, stop: () => child.stdin.end() };
}

/** @param {{ name: string, revisions: string }} scenario */
async function one({ name, revisions }) {
  const began = performance.now();
  const { code, text } = await run(server ? ['server', '--url', server.url, '--scenario', name, '--spec-version', revisions, '-o', output] : ['client', '--command', client, '--scenario', name, '-o', output]);
  if (values.verbose) console.error(text);
  const [, passed = '0', total = '0'] = /Passed: (\d+)\/(\d+)/.exec(text) ?? [];
  const failed = [...text.matchAll(/^ {2}- (.*)$/gm)].map(([, check]) => check);
  return { scenario: name, revisions, passed: code === 0, checks: `${passed}/${total}`, failed, ms: Math.round(performance.now() - began) };
}

const server = values.server ? await startServer() : undefined;
try {
  const all = await (server ? serverScenarios() : clientScenarios());
  const { scenario: wanted } = values;
  const chosen = wanted === undefined ? all : all.filter(({ name }) => wanted.includes(name));
  if (chosen.length === 0) throw new Error(`There is no such scenario. There are: ${all.map(({ name }) => name).join(', ')}`);
  const results = [];
  for (const scenario of chosen) {
    const result = await one(scenario);
    results.push(result);
    if (!values.json) console.log(`${result.passed ? 'pass' : 'FAIL'}  ${result.scenario.padEnd(46)} ${server ? `${result.revisions} ` : ''}${result.checks.padStart(7)}  ${result.passed ? '' : expected[result.scenario] ?? result.failed[0] ?? 'it ended with an error'}`);
  }
  const passed = results.filter((result) => result.passed);
  const unexpected = results.filter((result) => !result.passed && !(result.scenario in expected));
  const obsolete = results.filter((result) => result.passed && result.scenario in expected);
  if (values.json) console.log(JSON.stringify({ passed: passed.length, of: results.length, results, unexpected: unexpected.map(({ scenario }) => scenario), obsolete: obsolete.map(({ scenario }) => scenario) }));
  else {
    console.log(`\n${passed.length} of ${results.length} ${server ? 'required server' : 'client'} scenarios pass.`);
    if (unexpected.length > 0) console.log(`Not expected to fail: ${unexpected.map(({ scenario }) => scenario).join(', ')}`);
    if (obsolete.length > 0) console.log(`Pass by now, so take them out of scripts/conformance-expected.json: ${obsolete.map(({ scenario }) => scenario).join(', ')}`);
  }
  process.exitCode = unexpected.length === 0 && obsolete.length === 0 ? 0 : 1;
} finally {
  server?.stop();
  rmSync(output, { recursive: true, force: true });
}
