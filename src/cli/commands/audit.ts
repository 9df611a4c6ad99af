import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AssassinError } from '../../shared/errors.ts';
import type { AuditEntry } from '../../store/audit-chain.ts';
import { auditLines, inspectAudit } from '../../store/audit-inspection.ts';
import { RunStore } from '../../store/run-store.ts';
import { parseLimit } from '../arguments.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { dataDirectoryOf } from '../open-runtime.ts';
import { oneLine, localTime, utcTime } from '../text.ts';
import { renderTable } from '../views/table.ts';

interface VerifyOptions extends CommonOptions {
  readonly head?: string;
}

interface ListOptions extends CommonOptions {
  readonly run?: string;
  readonly limit: string;
}

interface ExportOptions extends CommonOptions {
  readonly output: string;
}

export function addAuditCommands(program: Command, context: CliContext): void {
  const audit = program.command('audit').description('every decision of the gate, in one chain of hashes: verify, list, export');
  audit.command('verify').description('look whether an entry was changed, inserted or removed, at the end too')
    .option('--head <hash>', 'a hash noted earlier: it must still be in the chain, so that nothing was cut off behind it')
    .action((options: VerifyOptions) => verify(context, options));
  audit.command('list').description('the latest decisions, newest last')
    .option('--run <id>', 'of one run')
    .option('--limit <n>', 'how many', '50')
    .action((options: ListOptions) => list(context, options));
  audit.command('export').description('all entries as lines of JSON, each with its hash')
    .requiredOption('--output <file>', 'the file to write')
    .action((options: ExportOptions) => exportAudit(context, options));
}

function verify(context: CliContext, { head: noted, ...options }: VerifyOptions): void {
  const { terminal } = context;
  // A slip in what was noted is no sign that somebody has cut the log off.
  if (noted !== undefined && !/^[0-9a-f]{64}$/.test(noted)) throw new AssassinError('invalid-input', `"${noted}" is no hash of an entry.`, { hint: 'Give the 64 hex digits that "audit verify" printed as its head.' });
  using store = new RunStore(dataDirectoryOf(context, options));
  const report = inspectAudit(store.audit, noted);
  const { entries, brokenAt, headFound, cutOff, missing, head, ok } = report;
  const count = (n: number, what: string, many = `${what}s`) => `${n} ${n === 1 ? what : many}`;
  const bad = (text: string) => terminal.style.bad(text);
  if (options.json) terminal.json({ ...report });
  else if (ok) terminal.result(`${terminal.style.good('Whole')}: ${count(entries, 'entry', 'entries')}, each follows from the one before.`, `Head: ${head}`);
  else {
    terminal.result(
      ...(brokenAt === undefined ? [] : [bad(`Broken: entry ${brokenAt} does not follow from the one before.`)]),
      ...(headFound === false ? [bad(`Cut off: no entry has the hash ${oneLine(noted ?? '')}.`)] : []),
      ...(cutOff === undefined ? [] : [bad(`Cut off: on ${utcTime(cutOff.at)} UTC the log had ${count(cutOff.entries, 'entry', 'entries')}, and the last of them is not there any more. Somebody has changed the database, or the power failed.`)]),
      ...(missing === undefined ? [] : [bad(`Missing: ${count(missing, 'decision')} in the record of the runs ${missing === 1 ? 'is' : 'are'} not in the log.`)]),
      brokenAt === undefined ? `What is left (${entries}) follows one from the other.` : `${count(entries, 'entry', 'entries')} before it ${entries === 1 ? 'is' : 'are'} as written.`,
    );
  }
  context.exit(ok ? exitCodes.done : exitCodes.failed);
}

function list(context: CliContext, { run, limit: text, ...options }: ListOptions): void {
  const { terminal } = context;
  const limit = parseLimit(text, 'entries', 50);
  using store = new RunStore(dataDirectoryOf(context, options));
  const latest: AuditEntry[] = [];
  for (const entry of store.audit.entries(run)) {
    latest.push(entry);
    if (latest.length > limit) latest.shift();
  }
  // Decisions outlive the record of their run: only one that has none must be there.
  if (run !== undefined && latest.length === 0) store.run(run);
  if (options.json) terminal.json({ entries: latest });
  else if (latest.length === 0) terminal.note(run === undefined ? 'No decisions yet.' : 'Nothing had to be decided in this run.');
  else {
    terminal.result(...renderTable([{ title: 'entry', align: 'right' }, { title: 'time', whole: true }, { title: 'outcome', whole: true }, { title: 'action', min: 20 }, { title: 'source' }, { title: 'reason' }], latest.map((entry) => [
      String(entry.id), localTime(entry.at), entry.outcome, oneLine(entry.action), oneLine(entry.source), oneLine(entry.reason),
    ]), terminal.width));
  }
}

function exportAudit(context: CliContext, { output, ...options }: ExportOptions): void {
  using store = new RunStore(dataDirectoryOf(context, options));
  const file = resolve(context.cwd, output);
  let count = 0;
  try {
    const target = openSync(file, 'w', 0o600);
    try {
      for (const line of auditLines(store.audit)) {
        writeSync(target, line);
        count += 1;
      }
    } finally {
      closeSync(target);
    }
  } catch (cause) {
    if (AssassinError.isInstance(cause)) throw cause;
    throw new AssassinError('invalid-input', `${file} could not be written.`, { hint: 'Give --output FILE in a folder that exists and that you can write to.', cause });
  }
  if (options.json) context.terminal.json({ exported: count, output: file });
  else context.terminal.note(`Wrote ${count} ${count === 1 ? 'entry' : 'entries'} to ${file}.`);
}
