import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { recordsOfStore } from '../../savings/report/records-of-store.ts';
import { mergeRecords, parseRecordsFile, toRecordsFile } from '../../savings/report/records-file.ts';
import { toCsv } from '../../savings/report/to-csv.ts';
import { toHtml } from '../../savings/report/to-html.ts';
import { buildReport, type ReportAssumptions } from '../../savings/report/usage-report.ts';
import { AssassinError } from '../../shared/errors.ts';
import type { RunRecord } from '../../shared/usage-report.ts';
import { RunStore } from '../../store/run-store.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { dataDirectoryOf, workspaceOf } from '../open-runtime.ts';
import { savingsSettings } from '../savings-settings.ts';
import { renderUsageReport } from '../views/usage-report-view.ts';

type Format = 'csv' | 'json' | 'html';

interface ReportOptions extends CommonOptions {
  readonly from?: string;
  readonly to?: string;
  readonly all?: boolean;
  readonly machine?: string;
  readonly subscription?: readonly string[];
  readonly coldStart?: string;
}

interface ExportOptions extends ReportOptions {
  readonly format: Format;
  readonly output: string;
}

export function addSavingsCommands(program: Command, context: CliContext): void {
  const savings = program.command('savings').description('what was run, what it cost, and what the same work would have cost elsewhere');
  withSpan(savings.command('report').description('cost, tokens, times and savings over many runs').argument('[files...]', 'records that "savings export --format json" has written, of this machine or of others (default: the runs of this machine)'))
    .action((files: readonly string[], options: ReportOptions) => report(context, files, options));
  withSpan(savings.command('export').description('the same as a spreadsheet, as records for a report over several machines, or as a page to hand on').argument('[files...]', 'as for "report"'))
    .addOption(new Option('--format <format>', 'csv, json (records) or html').choices(['csv', 'json', 'html']).makeOptionMandatory())
    .requiredOption('--output <file>', 'the file to write')
    .action((files: readonly string[], options: ExportOptions) => exportReport(context, files, options));
}

function withSpan(command: Command): Command {
  return command
    .option('--from <day>', 'runs begun on this day (UTC) or later, as 2026-11-01')
    .option('--to <day>', 'runs begun on this day (UTC) or earlier')
    .option('--all', 'of all workspaces')
    .option('--machine <name>', 'what this machine is called in the records (default: its host name)')
    .option('--subscription <name=usd>', 'what you would have subscribed to otherwise, in dollars a month; may be given more than once', (value: string, before: readonly string[] = []) => [...before, value])
    .option('--cold-start <seconds>', 'what you would have waited for each hosted browser or function to start');
}

async function report(context: CliContext, files: readonly string[], options: ReportOptions): Promise<void> {
  const assumptions = await assumptionsOf(context, options);
  const built = buildReport(await recordsFor(context, files, options), assumptions);
  if (options.json) context.terminal.json(built.report);
  else context.terminal.result(...renderUsageReport(built.report, context.terminal.style, context.terminal.width));
}

async function exportReport(context: CliContext, files: readonly string[], options: ExportOptions): Promise<void> {
  const assumptions = await assumptionsOf(context, options);
  const records = await recordsFor(context, files, options);
  const file = resolve(context.cwd, options.output);
  try {
    writeFileSync(file, textOf(records, options.format, assumptions), { mode: 0o600 });
  } catch (cause) {
    throw new AssassinError('invalid-input', `${file} could not be written.`, { hint: 'Give --output FILE in a folder that exists and that you can write to.', cause });
  }
  if (options.json) context.terminal.json({ output: file, runs: records.length });
  else context.terminal.note(`Wrote ${records.length} ${records.length === 1 ? 'run' : 'runs'} to ${file}.`);
}

function textOf(records: readonly RunRecord[], format: Format, assumptions: ReportAssumptions): string {
  if (format === 'json') return toRecordsFile(records);
  const { report: built, services } = buildReport(records, assumptions);
  return format === 'csv' ? toCsv(records, services) : toHtml(built, { title: 'What the runs cost and saved', createdAt: new Date() });
}

async function recordsFor(context: CliContext, files: readonly string[], options: ReportOptions): Promise<readonly RunRecord[]> {
  const since = options.from === undefined ? undefined : dayStart('--from', options.from);
  const until = options.to === undefined ? undefined : dayStart('--to', options.to) + 86_400_000;
  if (since !== undefined && until !== undefined && since >= until) throw new AssassinError('invalid-input', `--from ${options.from} is after --to ${options.to}.`, { hint: 'Give the earlier day as --from.' });
  if (files.length > 0) {
    const merged = mergeRecords(files.map((file) => parseRecordsFile(readText(resolve(context.cwd, file)), file)));
    return merged.filter(({ createdAt }) => createdAt >= (since ?? 0) && createdAt < (until ?? Number.POSITIVE_INFINITY));
  }
  using store = new RunStore(dataDirectoryOf(context, options));
  return await recordsOfStore(store, {
    machine: options.machine ?? hostname(), ...(options.all ? {} : { workspace: workspaceOf(context, options) }),
    ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }),
  });
}

function dayStart(option: string, text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new AssassinError('invalid-input', `${option} "${text}" is not a day.`, { hint: `Write ${option} 2026-11-01.` });
  return at;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AssassinError('file-not-found', `${file} could not be read.`, { hint: 'Give files that exist.', cause });
  }
}

/** Flags go before the settings file, each for its own figure. */
async function assumptionsOf(context: CliContext, options: ReportOptions): Promise<ReportAssumptions> {
  const { subscription, coldStart } = options;
  const kept = await savingsSettings(dataDirectoryOf(context, options));
  const subscriptions = subscription?.map((text) => {
    const [, name, amount] = /^(.+)=(\d+(?:\.\d{1,2})?)$/.exec(text) ?? [];
    if (name === undefined || amount === undefined) throw new AssassinError('invalid-input', `--subscription "${text}" does not name a price.`, { hint: 'Write --subscription "Langfuse Core=29".' });
    return { name, usdPerMonth: Number(amount) };
  });
  const bought = subscriptions ?? kept.subscriptions;
  const given = bought === undefined ? {} : { subscriptions: bought };
  if (coldStart === undefined) return { ...kept, ...given };
  const secondsPerColdStart = Number(coldStart);
  if (coldStart.trim() === '' || !(secondsPerColdStart >= 0 && secondsPerColdStart <= 3600)) throw new AssassinError('invalid-input', `--cold-start "${coldStart}" is not a number of seconds.`, { hint: 'Write --cold-start 3.' });
  return { ...given, secondsPerColdStart };
}
