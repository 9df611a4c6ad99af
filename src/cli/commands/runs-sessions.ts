import type { Command } from 'commander';
import { formatUsd } from '../../shared/money.ts';
import { RunStore } from '../../store/run-store.ts';
import { parseAfter, parseLimit } from '../arguments.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { dataDirectoryOf, workspaceOf } from '../open-runtime.ts';
import { oneLine, localTime } from '../text.ts';
import { renderTable } from '../views/table.ts';

interface SessionsOptions extends CommonOptions {
  readonly limit: string;
  readonly after?: string;
  readonly all?: boolean;
}

export function addSessionsCommand(runs: Command, context: CliContext): void {
  runs.command('sessions [words...]').description('conversations: a task with its follow-ups, or the traces that another program has given one session id; "runs search --session ID" lists the runs of one')
    .option('--limit <n>', 'how many', '20')
    .option('--after <run>', 'go on after the one with this newest run, as the JSON output names it under "next"')
    .option('--all', 'of all workspaces')
    .action((words: readonly string[], options: SessionsOptions) => sessions(context, words.join(' '), options));
}

async function sessions(context: CliContext, search: string, options: SessionsOptions): Promise<void> {
  const { terminal } = context;
  const limit = parseLimit(options.limit, 'conversations');
  const after = parseAfter(options.after);
  using store = new RunStore(dataDirectoryOf(context, options));
  const page = store.sessions({ limit, ...(search === '' ? {} : { search }), ...(options.all ? {} : { workspace: workspaceOf(context, options) }), ...after });
  if (options.json) terminal.json(page);
  else if (page.items.length === 0) terminal.note('There is no such conversation.');
  else {
    const columns = [{ title: 'session', whole: true }, { title: 'title', min: 16 }, { title: 'runs', align: 'right' as const }, { title: 'state' }, { title: 'last', whole: true }, { title: 'cost', align: 'right' as const }];
    terminal.result(...renderTable(columns, page.items.map(({ id, title, runs, state, updatedAt, costUsd, costMark }) => [
      oneLine(id), oneLine(title), String(runs.length), state, localTime(updatedAt), costMark === 'unknown' ? 'unpriced' : formatUsd(costUsd),
    ]), terminal.width));
    if (page.next !== undefined) terminal.note(`More: --after ${page.next}`);
  }
}
