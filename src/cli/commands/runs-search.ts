import type { Command } from 'commander';
import { AssassinError } from '../../shared/errors.ts';
import { RunStore } from '../../store/run-store.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { dataDirectoryOf, workspaceOf } from '../open-runtime.ts';
import { oneLine } from '../text.ts';
import { renderTable } from '../views/table.ts';

interface SearchOptions extends CommonOptions {
  readonly limit: string;
  readonly after?: string;
  readonly all?: boolean;
}

export function addSearchCommand(runs: Command, context: CliContext): void {
  runs.command('search <words...>').description('runs in which all of these words occur together: in the task, a step, its input or output, a message')
    .option('--limit <n>', 'how many', '20')
    .option('--after <id>', 'go on after this run')
    .option('--all', 'of all workspaces')
    .action((words: readonly string[], options: SearchOptions) => search(context, words.join(' '), options));
}

async function search(context: CliContext, words: string, { all, after, ...options }: SearchOptions): Promise<void> {
  const { terminal } = context;
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1) throw new AssassinError('invalid-input', `"${options.limit}" is not a number of runs.`, { hint: 'Write --limit 20.' });
  using store = new RunStore(dataDirectoryOf(context, options));
  const hits = await store.texts.search({ words, limit: limit + 1, ...(all ? {} : { workspace: workspaceOf(context, options) }), ...(after === undefined ? {} : { after }) });
  const items = hits.slice(0, limit).map(({ run, seq, snippet }) => ({ ...store.run(run), seq, snippet }));
  const next = hits.length > limit ? items.at(-1)?.id : undefined;
  if (options.json) terminal.json({ items, ...(next === undefined ? {} : { next }) });
  else if (items.length === 0) terminal.note('Nothing was found. All words must occur in one step or message; --all looks into all workspaces.');
  else {
    terminal.result(...renderTable([{ title: 'run', min: 22 }, { title: 'title', min: 16 }, { title: 'state' }, { title: 'found', min: 30 }], items.map(({ id, title, state, snippet }) => [id, oneLine(title), state, oneLine(snippet)]), terminal.width));
    if (next !== undefined) terminal.note(`More: --after ${next}`);
  }
}
