import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { Runtime } from '../../runtime.ts';
import type { RunDetail } from '../../shared/dto.ts';
import { formatDuration } from '../../shared/duration.ts';
import { AssassinError } from '../../shared/errors.ts';
import type { StoredValue } from '../../shared/json.ts';
import { formatUsd } from '../../shared/money.ts';
import { wholeValue } from '../../store/whole-value.ts';
import { otlpJsonOf } from '../../telemetry/otlp-json.ts';
import { receivedOtlpJson } from '../../telemetry/received/received-otlp-json.ts';
import { parseAfter, parseLimit } from '../arguments.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { openRuntime, workspaceOf } from '../open-runtime.ts';
import { oneLine, localTime } from '../text.ts';
import { renderResult } from '../views/result-view.ts';
import { closingLine, renderError, renderReport, type RunReport } from '../views/run-report.ts';
import { branchesOf, renderRunTree } from '../views/run-tree-view.ts';
import { renderTable } from '../views/table.ts';
import { addAgainCommand } from './runs-again.ts';
import { addChangesCommands } from './runs-changes.ts';
import { addCompareCommand } from './runs-compare.ts';
import { addSearchCommand } from './runs-search.ts';
import { addSessionsCommand } from './runs-sessions.ts';
import { addTagCommand } from './runs-tag.ts';

interface ListOptions extends CommonOptions {
  readonly limit: string;
  readonly after?: string;
  readonly all?: boolean;
  readonly children?: boolean;
}

interface FreezeOptions extends CommonOptions {
  readonly name?: string;
}

interface ExportOptions extends CommonOptions {
  readonly format: 'json' | 'otlp-json' | 'markdown' | 'conversation';
  readonly output?: string;
}

/** All steps: `runs show` leaves nothing out. */
const allSteps = Number.MAX_SAFE_INTEGER;

export function addRunsCommands(program: Command, context: CliContext): void {
  const runs = program.command('runs').description('what was run: list, again, search, sessions, tag, compare, show, export, diff, undo, freeze, delete');
  runs.command('list').description('newest first')
    .option('--limit <n>', 'how many', '20')
    .option('--after <id>', 'go on after this run, as the JSON output names it under "next"')
    .option('--all', 'of all workspaces')
    .option('--children', 'also those that other runs have started')
    .action((options: ListOptions) => list(context, options));
  for (const add of [addAgainCommand, addSearchCommand, addSessionsCommand, addTagCommand, addCompareCommand]) add(runs, context);
  runs.command('show <id>').description('result, trace, destruction report and bill of a run').action((id: string, options: CommonOptions) => show(context, id, options));
  runs.command('export <id>').description('the whole record of a run, its trace for an OpenTelemetry collector, or the conversation of a task (markdown, or conversation for JSON) or of a session')
    .addOption(new Option('--format <format>', 'what to write').choices(['json', 'otlp-json', 'markdown', 'conversation']).default('json'))
    .option('--output <file>', 'write to a file instead of standard output')
    .action((id: string, options: ExportOptions) => exportRun(context, id, options));
  addChangesCommands(runs, context);
  runs.command('freeze <id>').description('save the code of a finished task as a chain, with no more grants than it used')
    .option('--name <name>', 'name of the chain (default: from the task)')
    .action(async (id: string, options: FreezeOptions) => {
      await using opened = await openRuntime(context, options);
      const { path, grants, inputs } = await opened.runtime.freeze(id, options.name);
      if (options.json) context.terminal.json({ path, grants, inputs });
      else context.terminal.note(`Saved as ${path}. Its grants: ${grants.join(', ') || 'none'}. Its input: ${inputs.map(({ name, value }) => `${name} (${JSON.stringify(value)})`).join(', ') || 'none'}.`);
    });
  runs.command('delete <id>').description('remove a run and what only it refers to').action(async (id: string, options: CommonOptions) => {
    await using opened = await openRuntime(context, options);
    opened.runtime.store.deleteRun(id);
    if (options.json) context.terminal.json({ deleted: id });
    else context.terminal.note(`Deleted ${id}.`);
  });
}

async function list(context: CliContext, options: ListOptions): Promise<void> {
  const limit = parseLimit(options.limit, 'runs');
  const after = parseAfter(options.after);
  await using opened = await openRuntime(context, options);
  const page = opened.runtime.store.runs({ limit, ...(options.children ? {} : { parent: null }), ...(options.all ? {} : { workspace: workspaceOf(context, options) }), ...after });
  const { terminal } = context;
  if (options.json) {
    terminal.json(page);
    return;
  }
  if (page.items.length === 0) {
    terminal.note('No runs yet. Start one with "run CHAIN".');
    return;
  }
  const columns = [{ title: 'run', whole: true }, { title: 'title' }, { title: 'state', whole: true }, { title: 'started', whole: true }, { title: 'took', align: 'right' as const }, { title: 'cost', align: 'right' as const }];
  terminal.result(...renderTable(columns, page.items.map((run) => [
    run.id, oneLine(run.title), run.state, localTime(run.createdAt),
    run.durationMs === undefined ? '' : formatDuration(run.durationMs), run.costMark === 'unknown' ? 'unpriced' : formatUsd(run.costUsd),
  ]), terminal.width));
  if (page.next !== undefined) terminal.note(`More: --after ${page.next}`);
}

async function show(context: CliContext, id: string, options: CommonOptions): Promise<void> {
  const { terminal } = context;
  await using opened = await openRuntime(context, options);
  const { runtime } = opened;
  const report = reportOf(runtime, id);
  const detail = runtime.detail(id);
  const tags = runtime.store.traces.tags(id);
  if (options.json) {
    terminal.json({ ...report, summary: detail, tags });
    return;
  }
  const readBlob = (hash: string) => runtime.store.blobs.read(hash);
  const { style, width } = terminal;
  terminal.result(style.bold(`${oneLine(detail.title)} (${oneLine(detail.source)})`), `grants: ${detail.grants.length === 0 ? 'none' : oneLine(detail.grants.join(', '))}`, `input: ${oneLine(JSON.stringify(await wholeValue(detail.input, readBlob)))}`);
  if (tags.length > 0) terminal.result(`tags: ${oneLine(tags.join(', '))}`);
  const below = branchesOf(id, (run) => runtime.store.children(run));
  if (detail.parent !== undefined) terminal.result(`started by: ${detail.parent}`);
  if (detail.result !== undefined) terminal.result('', style.bold('Result'), ...renderResult(await wholeValue(detail.result, readBlob), width));
  if (below.length > 0) terminal.result('', style.bold('Runs that it started'), ...renderRunTree(below));
  terminal.result(...renderReport(report, style, width, allSteps));
  if (detail.error) terminal.result('', ...renderError(detail.error, style, width));
  terminal.result('', closingLine(report, style));
}

async function exportRun(context: CliContext, id: string, { format, output, ...options }: ExportOptions): Promise<void> {
  await using opened = await openRuntime(context, options);
  const { runtime } = opened;
  if (format === 'markdown' || format === 'conversation') {
    await write(context, await runtime.tasks.exportConversation(id, format === 'markdown' ? 'markdown' : 'json'), id, format, output, options.json);
    return;
  }
  const events = runtime.events(id);
  const detail = runtime.detail(id);
  const document = format === 'otlp-json' ? await (detail.kind === 'trace' ? receivedOtlpJson(events, (hash) => runtime.store.blobs.read(hash)) : otlpJsonOf(detail, events, context.version)) : { ...reportOf(runtime, id), summary: await withWholeValues(runtime, detail), events };
  await write(context, `${JSON.stringify(document)}\n`, id, format, output, options.json);
}

async function write(context: CliContext, text: string, id: string, format: ExportOptions['format'], output: string | undefined, json: boolean | undefined): Promise<void> {
  if (output === undefined) {
    context.terminal.result(text.trimEnd());
    return;
  }
  const file = resolve(context.cwd, output);
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new AssassinError('invalid-input', `${file} could not be written.`, { hint: 'Give --output FILE in a folder that exists and that you can write to.', cause });
  }
  if (json) context.terminal.json({ exported: id, format, output: file });
  else context.terminal.note(`Wrote ${file}.`);
}

function reportOf(runtime: Runtime, id: string): RunReport {
  return { summary: runtime.store.run(id), trace: runtime.trace(id), destruction: runtime.destruction(id), network: runtime.network(id), bill: runtime.bill(id) };
}

/** An export stands on its own: what lies in a blob is written out. */
async function withWholeValues(runtime: Runtime, detail: RunDetail): Promise<RunDetail> {
  const whole = async (value: StoredValue): Promise<StoredValue> => ({ json: await wholeValue(value, (hash) => runtime.store.blobs.read(hash)) });
  return { ...detail, input: await whole(detail.input), ...(detail.result === undefined ? {} : { result: await whole(detail.result) }) };
}
