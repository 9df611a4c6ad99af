import { Option, type Command } from 'commander';
import { runKinds, type RunKind } from '../../shared/events.ts';
import { isFiltered, type RunFilter } from '../../shared/run-filter.ts';
import { runStates, type RunState } from '../../shared/run-state.ts';
import { AssassinError } from '../../shared/errors.ts';
import { RunStore } from '../../store/run-store.ts';
import { parseMoney, parsePeriod, parsePointInTime } from '../arguments-of-time.ts';
import { parseAfter, parseLimit } from '../arguments.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { dataDirectoryOf, workspaceOf } from '../open-runtime.ts';
import { oneLine } from '../text.ts';
import { renderTable } from '../views/table.ts';

interface FilterOptions {
  readonly state?: readonly RunState[];
  readonly kind?: readonly RunKind[];
  readonly model?: readonly string[];
  readonly tool?: readonly string[];
  readonly tag?: readonly string[];
  readonly session?: string;
  readonly minCost?: string;
  readonly maxCost?: string;
  readonly since?: string;
  readonly until?: string;
  readonly minTime?: string;
}

interface SearchOptions extends CommonOptions, FilterOptions {
  readonly limit: string;
  readonly after?: string;
  readonly all?: boolean;
}

export function addSearchCommand(runs: Command, context: CliContext): void {
  runs.command('search [words...]').description('runs in which all of these words occur together (in the task, a step, its input or output, a message) and that pass all filters')
    .addOption(new Option('--state <state...>', 'in one of these states').choices([...runStates]))
    .addOption(new Option('--kind <kind...>', 'of one of these kinds').choices([...runKinds]))
    .option('--model <name...>', 'that asked a model with one of these in its name')
    .option('--tool <name...>', 'that called a tool with one of these in its name')
    .option('--tag <tag...>', 'with all of these tags')
    .option('--session <id>', 'of this conversation')
    .option('--min-cost <usd>', 'that cost this much at least')
    .option('--max-cost <usd>', 'that cost this much at most; unpriced runs are left out by both')
    .option('--since <time>', 'begun since: a date (2026-11-01), a time (2026-11-01T09:30), or how long ago (90m, 12h, 7d)')
    .option('--until <time>', 'begun before')
    .option('--min-time <time>', 'that took this long at least (30s, 5m, 1h)')
    .option('--limit <n>', 'how many', '20')
    .option('--after <id>', 'go on after this run')
    .option('--all', 'of all workspaces')
    .action((words: readonly string[], options: SearchOptions) => search(context, words.join(' '), options));
}

async function search(context: CliContext, words: string, options: SearchOptions): Promise<void> {
  const { terminal } = context;
  const limit = parseLimit(options.limit, 'runs');
  const after = parseAfter(options.after);
  const filter = filterOf(options);
  if (words.trim() === '' && !isFiltered(filter)) throw new AssassinError('invalid-input', 'Nothing was given to look for.', { hint: 'Give words, a filter such as --state failed, or both; "runs list" lists all runs.' });
  using store = new RunStore(dataDirectoryOf(context, options));
  const hits = await store.texts.search({ words, filter, limit: limit + 1, ...(options.all ? {} : { workspace: workspaceOf(context, options) }), ...after });
  const items = hits.slice(0, limit).map(({ run, ...hit }) => ({ ...store.run(run), tags: store.traces.tags(run), ...hit }));
  const next = hits.length > limit ? items.at(-1)?.id : undefined;
  if (options.json) terminal.json({ items, ...(next === undefined ? {} : { next }) });
  else if (items.length === 0) terminal.note('Nothing was found. All words must occur in one step or message, and all filters must hold; --all looks into all workspaces.');
  else {
    terminal.result(...renderTable(
      [{ title: 'run', whole: true }, { title: 'title', min: 16 }, { title: 'state' }, { title: 'tags', min: 4 }, { title: 'found', min: 30 }],
      items.map(({ id, title, state, tags, snippet }) => [id, oneLine(title), state, oneLine(tags.join(', ')), oneLine(snippet ?? '')]), terminal.width,
    ));
    if (next !== undefined) terminal.note(`More: --after ${next}`);
  }
}

function filterOf({ state, kind, model, tool, tag, session, minCost, maxCost, since, until, minTime }: FilterOptions): RunFilter {
  return {
    ...(state === undefined ? {} : { states: state }), ...(kind === undefined ? {} : { kinds: kind }), ...(model === undefined ? {} : { models: model }), ...(tool === undefined ? {} : { tools: tool }),
    ...(tag === undefined ? {} : { tags: tag }), ...(session === undefined ? {} : { session }),
    ...(minCost === undefined ? {} : { minCostUsd: parseMoney('--min-cost', minCost) }), ...(maxCost === undefined ? {} : { maxCostUsd: parseMoney('--max-cost', maxCost) }),
    ...(since === undefined ? {} : { from: parsePointInTime('--since', since) }), ...(until === undefined ? {} : { to: parsePointInTime('--until', until) }),
    ...(minTime === undefined ? {} : { minMs: parsePeriod('--min-time', minTime) }),
  };
}
