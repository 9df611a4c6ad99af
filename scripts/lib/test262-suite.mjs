import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot } from './paths.mjs';
import { runCommand } from './run.mjs';
import { SetupError } from './steps.mjs';

/** The source package of Debian that carries test262, whole and as it was written; npm has none that does. */
const debianSource = 'qtdeclarative-opensource-src';
const inTarball = '*/tests/auto/qml/ecmascripttests/test262';
const aptSources = '/etc/apt';

/** Where the suite lies once it was fetched: `harness` and `test` are below. */
export const test262Folder = inRoot('.test262');
const stampFile = join(test262Folder, 'fetched.txt');

/** Says which archive it came from. @returns {string | undefined} */
export function fetchedTest262() {
  return existsSync(stampFile) ? readFileSync(stampFile, 'utf8').trim() : undefined;
}

/**
 * The sources of packages beside the packages themselves, from the very places that this machine trusts already.
 * @param {string} folder to write them to
 */
function writeSourceLists(folder) {
  const lists = [join(aptSources, 'sources.list'), ...listsIn(join(aptSources, 'sources.list.d'))].filter((file) => existsSync(file));
  lists.forEach((file, i) => {
    const text = readFileSync(file, 'utf8');
    if (file.endsWith('.sources')) writeFileSync(join(folder, `${i}.sources`), text.replace(/^Types:.*$/gim, 'Types: deb-src'));
    else writeFileSync(join(folder, `${i}.list`), text.split('\n').filter((line) => /^deb\s/.test(line)).map((line) => line.replace(/^deb/, 'deb-src')).join('\n'));
  });
}

/** @param {string} folder */
function listsIn(folder) {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)).filter((file) => /\.(?:list|sources)$/.test(file)) : [];
}

/** @param {string} command @param {readonly string[]} args @param {string} cwd */
async function orThrow(command, args, cwd) {
  const { code, output } = await runCommand(command, args, { cwd, output: 'capture', timeoutMs: 3 * 60_000 });
  if (code !== 0) throw new SetupError(`test262 could not be fetched (${command} ${args.at(-1)}):\n${output.slice(-1500)}`);
}

/**
 * Fetches the suite with apt, which checks the signatures of what it fetches, into lists of its own: those of the machine stay as they are.
 * Throws SetupError where the machine has no apt, no network or no such package.
 * @returns {Promise<import('./steps.mjs').StepOutcome>}
 */
export async function ensureTest262() {
  const fetched = fetchedTest262();
  if (fetched !== undefined) return { skipped: `using ${fetched}` };
  if (!existsSync('/usr/bin/apt-get')) throw new SetupError('test262 comes from a source package of Debian, and this machine has no apt-get. Put a copy of it into .test262, with its harness and test folders, and a file fetched.txt that says which.');
  const folder = mkdtempSync(join(tmpdir(), 'test262-'));
  try {
    for (const name of ['parts', 'lists/partial', 'cache', 'unpacked']) mkdirSync(join(folder, name), { recursive: true });
    writeSourceLists(join(folder, 'parts'));
    const own = ['-q', '-o', `Dir::Etc::sourceparts=${join(folder, 'parts')}`, '-o', 'Dir::Etc::sourcelist=/dev/null', '-o', `Dir::State::lists=${join(folder, 'lists')}`, '-o', `Dir::Cache=${join(folder, 'cache')}`];
    await orThrow('apt-get', [...own, 'update'], folder);
    await orThrow('apt-get', [...own, 'source', '--download-only', '--tar-only', debianSource], folder);
    const archive = readdirSync(folder).find((name) => name.includes('.orig.tar'));
    if (archive === undefined) throw new SetupError(`apt fetched no archive of ${debianSource}.`);
    await orThrow('tar', ['-x', '-f', archive, '-C', 'unpacked', '--strip-components=6', '--wildcards', `${inTarball}/harness`, `${inTarball}/test`, `${inTarball}/LICENSE`], folder);
    if (!existsSync(join(folder, 'unpacked', 'harness', 'assert.js'))) throw new SetupError(`${archive} carries no test262.`);
    writeFileSync(join(folder, 'unpacked', 'fetched.txt'), `${archive}\n`);
    rmSync(test262Folder, { recursive: true, force: true });
    await move(join(folder, 'unpacked'), test262Folder);
    return { did: `fetched test262 in ${archive}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Temp folders are often on another file system, over which nothing can be renamed. @param {string} from @param {string} to */
async function move(from, to) {
  try {
    renameSync(from, to);
  } catch {
    await orThrow('cp', ['-r', from, to], from);
  }
}
