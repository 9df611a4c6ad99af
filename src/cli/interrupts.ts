import { exitCodes } from './exit-codes.ts';

export interface InterruptOptions {
  readonly signals: Pick<NodeJS.Process, 'on' | 'off'>;
  /** Ends the work cleanly: everything it created is destroyed and reported. */
  readonly cancel: (reason: string) => void;
  readonly note: (text: string) => void;
  readonly exitNow: (code: number) => void;
  /** What is told at the first interrupt, where it does something else than to cancel a run. */
  readonly first?: string;
}

const names: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The first interrupt cancels, a second one ends the program at once. Disposing it gives the signals back. */
export function onInterrupt({ signals, cancel, note, exitNow, first = 'Cancelling: destroying what the run created. Interrupt again to end at once.' }: InterruptOptions): Disposable {
  let interrupted = false;
  const listener = (signal: NodeJS.Signals) => {
    if (interrupted) {
      note('Ended at once. What was left behind is swept at the next start.');
      exitNow(exitCodes.cancelled);
      return;
    }
    interrupted = true;
    note(first);
    cancel(signal === 'SIGINT' ? 'Cancelled from the terminal.' : `Cancelled by ${signal}.`);
  };
  for (const name of names) signals.on(name, listener);
  return { [Symbol.dispose]: () => { for (const name of names) signals.off(name, listener); } };
}
