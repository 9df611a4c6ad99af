import { isTerminal } from '../shared/run-state.ts';
import type { PanelHistory } from './panel-ports.ts';

/** Below the time in which a page must have its answer. */
const patienceMs = 4000;

/** Resolves once a step has ended, or its run has, or after some seconds: that a file is written is on record before it is written, and a page asks at once. */
export async function stepSettled({ events, onDidChange }: Pick<PanelHistory, 'events' | 'onDidChange'>, run: string, step: string): Promise<void> {
  const settled = async () => (await events(run)).some((event) => (event.type === 'step.ended' && event.step === step) || (event.type === 'run.state' && isTerminal(event.to)));
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => {
    settled().then((is) => is && resolve(), () => resolve());
  };
  const subscription = onDidChange(look);
  const timer = setTimeout(resolve, patienceMs);
  look();
  await promise;
  clearTimeout(timer);
  subscription.dispose();
}
