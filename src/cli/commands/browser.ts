import { createInterface } from 'node:readline/promises';
import { Option, type Command } from 'commander';
import type { DownloadOffer } from '../../browser/browser-download-plan.ts';
import { downloadKinds, type DownloadKind } from '../../browser/browser-downloads.ts';
import { formatBytes } from '../../shared/bytes.ts';
import { AssassinError, fromErrorInfo } from '../../shared/errors.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { onInterrupt } from '../interrupts.ts';
import { openRuntime } from '../open-runtime.ts';
import { oneLine } from '../text.ts';
import { renderTable } from '../views/table.ts';
import { addBrowserFreezeCommand } from './browser-freeze.ts';
import { addBrowserRecordCommand } from './browser-record.ts';

interface InstallOptions extends CommonOptions {
  readonly version?: string;
  readonly mirror?: string;
  readonly sha256?: string;
  readonly yes?: boolean;
}

interface RemoveOptions extends CommonOptions {
  readonly all?: boolean;
}

export function addBrowserCommands(program: Command, context: CliContext): void {
  const browser = program.command('browser').description('the browser that runs get: download one, list and remove those, check that it is held');
  browser.command('install [kind]').description(`download a browser for runs: ${downloadKinds.join(' (default) or ')}`)
    .addOption(new Option('--browser-version <version>', 'four numbers; the one that is tested with this program where absent'))
    .option('--mirror <url>', 'where the archives lie, instead of Google\'s own place')
    .option('--sha256 <hash>', 'what the archive has to hash to')
    .option('--yes', 'do not ask before the download')
    .action((kind: string | undefined, { browserVersion, ...options }: InstallOptions & { readonly browserVersion?: string }) =>
      install(context, kindFrom(kind), { ...options, ...(browserVersion === undefined ? {} : { version: browserVersion }) }));
  browser.command('list').description('what was downloaded').action((options: CommonOptions) => list(context, options));
  browser.command('remove [version]').description('remove what was downloaded')
    .option('--all', 'every version')
    .action((version: string | undefined, options: RemoveOptions) => remove(context, version, options));
  addBrowserFreezeCommand(browser, context);
  addBrowserRecordCommand(browser, context);
  browser.command('check').description('look whether pages of the browser can get past the egress proxy')
    .action((options: CommonOptions) => check(context, options));
}

function kindFrom(text: string = downloadKinds[0]): DownloadKind {
  const kind = downloadKinds.find((known) => known === text);
  if (kind !== undefined) return kind;
  throw new AssassinError('invalid-input', `There is no browser "${text}" to download.`, { hint: `Write one of: ${downloadKinds.join(', ')}.` });
}

async function install(context: CliContext, browser: DownloadKind, { version, mirror, sha256, yes = false, ...options }: InstallOptions): Promise<void> {
  const { terminal } = context;
  if (!yes && !terminal.canAsk) throw new AssassinError('invalid-input', 'Nobody can be asked whether the browser may be downloaded.', { hint: 'Add --yes where that is meant.' });
  await using opened = await openRuntime(context, options);
  const { runtime } = opened;
  const request = { browser, ...(version === undefined ? {} : { version }), ...(mirror === undefined ? {} : { mirror }), ...(sha256 === undefined ? {} : { sha256 }) };
  const handle = await runtime.browserPrograms.download(request, (offer) => (yes ? Promise.resolve(true) : confirm(context, offer)));
  using _interrupts = onInterrupt({ signals: process, cancel: (reason) => handle.cancel(reason), note: (text) => terminal.note(text), exitNow: (code) => process.exit(code) });
  using _progress = runtime.store.onAppend((events) => {
    for (const event of events) if (event.run === handle.id && event.type === 'run.progress' && options.json !== true) terminal.note(`  ${event.message}`);
  });
  const outcome = await handle.outcome;
  context.exit(exitCodeOf(outcome));
  if (outcome.error) throw fromErrorInfo(outcome.error);
  const done = runtime.browserPrograms.list().find((one) => one.browser === browser && one.version === (version ?? one.version));
  const already = typeof outcome.result === 'object' && outcome.result !== null && 'already' in outcome.result && outcome.result.already === true;
  if (options.json) terminal.json({ run: handle.id, already, ...(done === undefined ? {} : { browser: done }) });
  else if (done !== undefined) terminal.result(`${browser} ${done.version} ${already ? 'is there already' : 'was downloaded'}: ${done.path}`, `SHA-256 of the archive: ${done.sha256}`, 'Runs use it from now on. "browser remove" takes it away again.');
}

async function confirm({ terminal }: CliContext, { browser, version, url, bytes }: DownloadOffer): Promise<boolean> {
  const lines = createInterface({ input: terminal.stdin, output: process.stderr });
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const size = bytes === undefined ? 'its size is not told' : formatBytes(bytes);
    return /^y(es)?$/i.test((await lines.question(`Download ${browser} ${oneLine(version)} (${size}) from ${oneLine(url.origin)}? [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

async function list(context: CliContext, options: CommonOptions): Promise<void> {
  const { terminal } = context;
  await using opened = await openRuntime(context, options);
  const browsers = opened.runtime.browserPrograms.list();
  if (options.json) terminal.json({ browsers });
  else if (browsers.length === 0) terminal.note('No browser was downloaded. "browser install" downloads one.');
  else terminal.result(...renderTable([{ title: 'browser' }, { title: 'version' }, { title: 'archive', align: 'right' }, { title: 'date' }, { title: 'program', min: 20 }],
    browsers.map(({ browser, version, bytes, at, path }) => [browser, version, formatBytes(bytes), new Date(at).toISOString().slice(0, 10), oneLine(path)]), terminal.width));
}

async function remove(context: CliContext, version: string | undefined, { all = false, ...options }: RemoveOptions): Promise<void> {
  const { terminal } = context;
  if ((version === undefined) !== all) throw new AssassinError('invalid-input', 'Say which browser to remove.', { hint: 'Give a version of "browser list", or --all.' });
  await using opened = await openRuntime(context, options);
  const removed = opened.runtime.browserPrograms.remove(version === undefined ? {} : { version });
  if (options.json) terminal.json({ removed });
  else for (const one of removed) terminal.result(`Removed ${one.browser} ${one.version}.`);
}

async function check(context: CliContext, options: CommonOptions): Promise<void> {
  const { terminal } = context;
  await using opened = await openRuntime(context, options);
  const { factory, guard } = opened.runtime.browserPrograms;
  const found = factory.find();
  const result = await guard.test(found);
  const { version, path, leaks, tried, ms } = result;
  context.exit(leaks.length === 0 ? exitCodes.done : exitCodes.failed);
  if (options.json) return terminal.json({ ok: leaks.length === 0, version, path, tried, leaks, ms });
  terminal.result(`${oneLine(version)}, ${oneLine(path)}`, leaks.length === 0
    ? `${terminal.style.good('Held')}: ${tried} ways out tried, none led past the egress proxy (${Math.round(ms)} ms).`
    : `${terminal.style.bad('Leaks')}: ${leaks.map(oneLine).join(', ')}. Runs do not get this browser.`);
}
