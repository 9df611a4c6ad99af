import type { RunHandle } from '../run/run-manager.ts';
import type { Runtime } from '../runtime.ts';
import type { CliContext } from './cli-context.ts';
import { exitCodeOf } from './exit-codes.ts';
import { onInterrupt } from './interrupts.ts';
import type { LiveView } from './views/live-view.ts';
import { renderResult } from './views/result-view.ts';
import { closingLine, renderError, renderReport, reportJson, type RunReport } from './views/run-report.ts';

export interface FollowOptions {
  readonly json: boolean;
  /** With `json`: one line for each event before the document. */
  readonly events: boolean;
  /** Only the result, what went wrong, and the last line. */
  readonly quiet?: boolean;
  readonly view: LiveView | undefined;
  /** Steps of the trace that are printed; the whole trace is in the JSON and in `runs show`. */
  readonly maxSteps?: number;
}

const defaultMaxSteps = 60;

/** Starts a run, shows it while it goes, and prints trace, destruction report, bill and result. Returns the exit code. */
export async function followRun(context: CliContext, runtime: Runtime, start: () => Promise<RunHandle>, options: FollowOptions): Promise<number> {
  const { terminal } = context;
  const started = Promise.withResolvers<RunHandle>();
  using _interrupts = onInterrupt({
    signals: process,
    // An interrupt may come while the chain is still being read: the run is then cancelled as soon as it exists.
    cancel: (reason) => void started.promise.then((handle) => handle.cancel(reason)),
    note: (text) => terminal.note(text),
    exitNow: (code) => process.exit(code),
  });
  using _events = runtime.store.onAppend((events) => {
    for (const event of events) {
      if (options.json && options.events) terminal.json({ type: 'event', event });
      options.view?.show(event);
    }
  });
  const handle = await start();
  started.resolve(handle);
  // What a program returns may hold a secret that it was given; a terminal and the log of a pipeline keep what they are shown.
  const outcome = runtime.redactor.redactJson(await handle.outcome);
  options.view?.[Symbol.dispose]();

  const report: RunReport = { summary: runtime.store.run(outcome.id), trace: runtime.trace(outcome.id), destruction: runtime.destruction(outcome.id), network: runtime.network(outcome.id), bill: runtime.bill(outcome.id) };
  const exitCode = exitCodeOf(outcome);
  if (options.json) {
    const document = reportJson(outcome, report, exitCode);
    terminal.json(options.events ? { type: 'run', ...document } : document);
    return exitCode;
  }
  const { style, width } = terminal;
  // What may still be there is told, however quiet one wants it.
  const quiet = options.quiet === true && outcome.clean;
  if (!quiet) terminal.note(...renderReport(report, style, width, options.maxSteps ?? defaultMaxSteps));
  // Last, because that is what stays on the screen.
  if (outcome.result !== undefined) {
    if (!quiet) terminal.note('', style.bold('Result'));
    terminal.result(...renderResult(outcome.result, width));
  }
  if (outcome.error) terminal.note(...(quiet ? [] : ['']), ...renderError(outcome.error, style, width));
  terminal.note(...(quiet ? [] : ['']), closingLine(report, style));
  return exitCode;
}
