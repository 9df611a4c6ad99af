import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { secretVariable } from '../../policy/secret-references.ts';
import { fromErrorInfo } from '../../shared/errors.ts';
import { collect } from '../arguments.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { onInterrupt } from '../interrupts.ts';
import { openRuntime } from '../open-runtime.ts';
import { LiveView } from '../views/live-view.ts';

interface RecordOptions extends CommonOptions {
  readonly out?: string;
  readonly name?: string;
  readonly allow: readonly string[];
}

export function addBrowserRecordCommand(browser: Command, context: CliContext): void {
  browser.command('record <url>').description('open an address in a throwaway browser with a window and save what you do there as a chain; passwords become secrets')
    .option('--out <file>', 'write the chain into this file, instead of among the chains of the workspace')
    .option('--name <name>', 'name of the chain (default: from the address)')
    .option('--allow <grant>', 'let its pages reach one place more, for example "net https://cdn.example" (repeatable)', collect, [])
    .action((url: string, options: RecordOptions) => record(context, url, options));
}

async function record(context: CliContext, url: string, { out, name, allow, ...options }: RecordOptions): Promise<void> {
  const { terminal } = context;
  const { saveRecording, startRecording } = await import('../../runtime-recording.ts');
  await using opened = await openRuntime(context, options);
  const { runtime } = opened;
  const stop = new AbortController();
  using view = options.json === true ? undefined : new LiveView(terminal);
  using _interrupts = onInterrupt({ signals: process, cancel: () => stop.abort(), note: (text) => terminal.note(text), exitNow: (code) => process.exit(code), first: 'Stopped. Saving what was recorded; interrupt again to end at once.' });
  using _stopping = onEnter(context, () => stop.abort());
  using _events = runtime.store.onAppend((events) => {
    for (const event of events) view?.show(event);
  });
  const handle = await startRecording(runtime, { url, grants: allow, stop: stop.signal });
  terminal.note(`Recording what you do in the browser. To save it, close its window${terminal.canAsk ? ', press Enter' : ''} or interrupt with Ctrl+C.`);
  const outcome = await handle.outcome;
  view?.[Symbol.dispose]();
  context.exit(exitCodeOf(outcome));
  const { refused } = runtime.network(handle.id);
  for (const { action, attempts } of refused) terminal.note(`Refused ${attempts} times: ${action}. Where the site needs it, record again with --allow ${JSON.stringify(action)}.`);
  if (outcome.error) throw fromErrorInfo(outcome.error);
  const { path, grants, inputs, secrets = [] } = await saveRecording(runtime, handle.id, { ...(name === undefined ? {} : { name }), ...(out === undefined ? {} : { out: resolve(context.cwd, out) }) });
  if (options.json === true) return terminal.json({ run: handle.id, path, grants, inputs, secrets, refused });
  terminal.result(`Saved as ${path}.`);
  terminal.note(`Its grants: ${grants.join(', ')}. Its input: ${inputs.map(({ name: input, value }) => `${input} (${JSON.stringify(value)})`).join(', ') || 'none'}.`);
  for (const secret of secrets) terminal.note(`It needs the secret "${secret}": set the environment variable ${secretVariable(secret)}.`);
}

function onEnter({ terminal }: CliContext, stop: () => void): Disposable | undefined {
  if (!terminal.canAsk) return undefined;
  const lines = createInterface({ input: terminal.stdin });
  lines.once('line', stop);
  return { [Symbol.dispose]: () => lines.close() };
}
