import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { splitWords } from '../../policy/words.ts';
import { AssassinError } from '../../shared/errors.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import { verificationOf, type Verification } from '../../shared/verification.ts';
import type { RunHandle } from '../../run/run-manager.ts';
import type { BlobFolder } from '../../store/blobs.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { scriptCommand, verifyAddress, verifyServer, type VerifyRequest } from '../../tools/verify-request.ts';
import { parseJsonFlag, parseWholeNumber } from '../arguments.ts';
import type { CliContext } from '../cli-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { workspaceOf } from '../open-runtime.ts';
import { runInContext, withRunFlags, type RunOptions } from './run.ts';

interface VerifyFlags extends RunOptions {
  readonly checks?: string;
  readonly script?: string;
  readonly server?: string;
  readonly pictures?: string;
  readonly path?: string;
  readonly accessibility: string;
  readonly allowErrors?: boolean;
  readonly timeout?: string;
}

export function addVerifyCommand(program: Command, context: CliContext): void {
  withRunFlags(program.command('verify [url]'))
    .description('check a page in a throwaway browser: steps, errors of console and network, accessibility, with pictures')
    .option('--checks <json>', 'steps as a JSON array such as \'[{"click":"text=Log in"},{"text":"Welcome"}]\', or @FILE')
    .option('--script <name>', 'start this script of package.json first, check what it serves, and end it')
    .option('--server <command>', 'the same with any command, such as "npm run dev"; no shell reads it. With an address it is waited for there')
    .option('--path <path>', 'with --script or --server: path on the address that it prints')
    .option('--accessibility <impact>', 'from which impact on a violation fails: off, minor, moderate, serious, critical', 'serious')
    .option('--pictures <dir>', 'write the pictures into this folder too')
    .option('--timeout <ms>', 'longest wait for the page and for each step (default: 15000)')
    .option('--allow-errors', 'errors of console and network fail nothing')
    .action(async (url: string | undefined, flags: VerifyFlags) => {
      const { tool, input, grants } = await request(url, flags, await checksOf(flags, context.cwd), workspaceOf(context, flags));
      let found: Verification | undefined;
      const code = await runInContext(context, flags, async (runtime, start) => {
        // Whoever types an address means it to be looked at: the grants need not be typed too. A rule that denies it holds all the same.
        const handle = await runtime.startTool(tool, input, { ...start, grants: [...grants, ...(start.grants ?? [])] });
        void handle.outcome.then(({ result }) => (found = result === undefined ? undefined : verificationOf(result)));
        return flags.pictures === undefined ? handle : withPictures(handle, runtime.store.blobs, resolve(context.cwd, flags.pictures));
      });
      // The table above has the beginning of each only.
      for (const { name, problem } of found?.steps ?? []) if (problem !== null) context.terminal.note(`${name}: ${problem}`);
      context.exit(code === exitCodes.done && found?.passed !== true ? exitCodes.failed : code);
    });
}

const exampleOfChecks = '[{"click":"text=Log in"},{"text":"Welcome"}]';

/** Looked at before anything is recorded or started: a slip in a flag is no failure of a run. */
async function checksOf({ checks }: VerifyFlags, cwd: string): Promise<Json> {
  if (checks === undefined) return [];
  const list = parseJsonFlag('--checks', checks, cwd, exampleOfChecks);
  const { problemsOfChecks } = await import('../../tools/page-checks.ts');
  const problems = problemsOfChecks(list);
  if (problems.length > 0) throw new AssassinError('invalid-input', `--checks is no list of checks. ${problems.join('; ')}.`, { hint: `Write for example --checks '${exampleOfChecks}'; docs/browser.md explains each kind.` });
  return list;
}

async function request(url: string | undefined, { script, server, path, accessibility, allowErrors = false, timeout }: VerifyFlags, checks: Json, folder: string): Promise<VerifyRequest> {
  const options: JsonObject = { checks, accessibility, allowErrors, ...(timeout === undefined ? {} : { timeoutMs: parseWholeNumber('--timeout', timeout) }) };
  if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) throw new AssassinError('invalid-input', `"${url}" is not an address.`, { hint: 'Give an address such as http://localhost:5173.' });
  if (script !== undefined && server !== undefined) throw new AssassinError('invalid-input', 'There are two servers to start.', { hint: 'Give either --script or --server.' });
  const where = { workspace: folder, ...(url === undefined ? {} : { url }), ...(path === undefined ? {} : { path }) };
  if (script !== undefined) {
    if (!/^[\w:.-]+$/.test(script)) throw new AssassinError('invalid-input', `"${script}" is not the name of a script.`, { hint: 'Give a name of the scripts in package.json, for example dev.' });
    return verifyServer({ argv: await scriptCommand(script, [folder]), ...where }, options);
  }
  if (server !== undefined) {
    const words = splitWords(server);
    if (typeof words === 'string' || words.length === 0) throw new AssassinError('invalid-input', `"${server}" is not a command${typeof words === 'string' ? `: ${words}` : ''}.`, { hint: 'Give the program and its arguments, for example --server "npm run dev".' });
    return verifyServer({ argv: words.map(({ text }) => text), ...where }, options);
  }
  if (url === undefined) throw new AssassinError('invalid-input', 'There is nothing to check.', { hint: 'Give an address such as http://localhost:5173, or --script with the name of a script.' });
  return verifyAddress(url, options);
}

/** The same run, over once its pictures lie in `folder` too. */
function withPictures(handle: RunHandle, blobs: BlobFolder, folder: string): RunHandle {
  const outcome = handle.outcome.then(async (ended) => {
    makeFolder(folder, 0o777);
    for (const [i, { name, blob }] of picturesOf(ended.result).entries()) {
      const plain = name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60);
      await writeFile(join(folder, `${String(i + 1).padStart(2, '0')}-${plain || 'picture'}.png`), await blobs.read(blob));
    }
    return ended;
  });
  return { id: handle.id, outcome, cancel: (reason) => handle.cancel(reason) };
}

function picturesOf(result: Json | undefined): readonly { readonly name: string; readonly blob: string }[] {
  const found = result === undefined ? undefined : verificationOf(result);
  return found?.screenshots.map(({ name, blob }) => ({ name, blob })) ?? [];
}
