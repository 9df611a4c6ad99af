import type { Command } from 'commander';
import { AssassinError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import type { UndoPart } from '../../tools/undo-run.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { openRuntime } from '../open-runtime.ts';
import { renderChanges } from '../views/diff-view.ts';
import { renderResult } from '../views/result-view.ts';
import { renderError } from '../views/run-report.ts';

interface UndoOptions extends CommonOptions {
  readonly force?: boolean;
  readonly file?: readonly string[];
  readonly hunk?: readonly string[];
}

/** `runs diff` and `runs undo`: what a run has changed, and putting it back. */
export function addChangesCommands(runs: Command, context: CliContext): void {
  runs.command('diff <id>').description('what a run has changed in files, change by change, against what they hold now')
    .action((id: string, options: CommonOptions) => diff(context, id, options));
  runs.command('undo <id>').description('put back what a run has changed in files; what was edited since is kept')
    .option('--file <path...>', 'only these files')
    .option('--hunk <n...>', 'only these changes of the file, as "runs diff" numbers them')
    .option('--force', 'also overwrite what was edited since')
    .action((id: string, options: UndoOptions) => undo(context, id, options));
}

async function diff({ terminal, ...context }: CliContext, id: string, options: CommonOptions): Promise<void> {
  await using opened = await openRuntime({ terminal, ...context }, options);
  const files = await opened.runtime.changes.review(id);
  if (options.json) {
    terminal.json(files.map(({ path, kind, state, hunks, problem }): Json => ({
      path, kind, state, ...(problem === undefined ? {} : { problem }),
      hunks: hunks.map((hunk, i) => ({ hunk: i + 1, state: hunk.state, oldLine: hunk.oldStart + 1, oldLines: [...hunk.oldLines], newLine: hunk.newStart + 1, newLines: [...hunk.newLines] })),
    })));
  } else if (files.length === 0) terminal.note('This run has changed no file. What programs and MCP servers wrote is not on record.');
  else terminal.result(...renderChanges(files, terminal.style));
}

async function undo(context: CliContext, id: string, options: UndoOptions): Promise<void> {
  await using opened = await openRuntime(context, options);
  const part = await partOf(options, async () => (await opened.runtime.changes.review(id)).map(({ path }) => path));
  const outcome = await opened.runtime.undo(id, { force: options.force === true, ...(part === undefined ? {} : { part }) }).outcome;
  const { terminal } = context;
  const { files = [], conflicts = [] } = (outcome.result ?? {}) as { readonly files?: readonly Json[]; readonly conflicts?: readonly Json[] };
  if (options.json) terminal.json(outcome);
  else if (outcome.error) terminal.note(...renderError(outcome.error, terminal.style, terminal.width));
  else if (files.length === 0) terminal.note('This run has changed no file: there is nothing to put back.');
  else terminal.result(...renderResult([...files], terminal.width));
  if (conflicts.length > 0) terminal.note('Files in which the same lines were edited since were left alone; give --force to overwrite them.');
  context.exit(conflicts.length > 0 ? exitCodes.failed : exitCodeOf(outcome));
}

/** `undefined` for the whole run. Throws `invalid-input` where it is not plain which file a number is of. */
async function partOf({ file, hunk }: UndoOptions, paths: () => Promise<readonly string[]>): Promise<readonly UndoPart[] | undefined> {
  if (hunk === undefined) return file?.map((path) => ({ path }));
  const hunks = hunk.map(Number);
  if (hunks.some((number) => !Number.isInteger(number) || number < 1)) throw new AssassinError('invalid-input', `"${hunk.join(' ')}" is no list of changes.`, { hint: 'Write --hunk 1 3, with the numbers of "runs diff".' });
  const [path, ...others] = file ?? (await paths());
  if (path === undefined || others.length > 0) throw new AssassinError('invalid-input', 'It is not plain which file the changes are of.', { hint: 'Name one with --file.' });
  return [{ path, hunks }];
}
