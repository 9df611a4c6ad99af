import { netAction } from '../../policy/action.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { AssassinError } from '../../shared/errors.ts';
import type { BrowserSession } from '../browser-session.ts';
import { PageIds } from '../page-ids.ts';
import type { PageSession } from '../page-session.ts';
import { PageRecorder } from './page-recorder.ts';
import { RecordedSteps, type RecordedStep } from './recorded-steps.ts';

export interface RecordSessionOptions {
  readonly scope: RunScope;
  readonly session: BrowserSession;
  readonly url: string;
  /** Aborts when the person has done all that he wanted. */
  readonly stop: AbortSignal;
  /** Each when it is known: the last one at the end. */
  readonly done: (step: RecordedStep) => void;
}

const openMs = 30_000;

/** Opens an address for a person and records what he does there, until he closes the last window or `stop` says so. Throws where the address cannot be opened. */
export async function recordSession({ scope, session, url, stop, done }: RecordSessionOptions): Promise<void> {
  const steps = new RecordedSteps(done);
  const pages = new Map<string, { readonly page: PageSession; readonly recorder: PageRecorder }>();
  const all: PageRecorder[] = [];
  const over = Promise.withResolvers<void>();
  const ids = new PageIds(() => pages.size, 1);
  const attach = async (page: PageSession) => {
    const { id } = page;
    const recorder = await PageRecorder.attach(page, {
      acted: (action, selector, to) => steps.acted(id, action, selector, to),
      // What is refused is no way that a chain could go.
      moved: (to, byHand) => (!byHand || mayOpen(scope, to)) && steps.moved(id, to, byHand),
      answered: (type, accepted, text) => steps.answered(id, type, accepted, text),
    });
    all.push(recorder);
    pages.set(id, { page, recorder });
    page.page.once('close', () => {
      pages.delete(id);
      if (pages.size === 0) over.resolve();
    });
  };
  session.windows = {
    nextId: () => ids.next(),
    opened: (page, opener) => {
      const from = [...pages.values()].find((each) => each.page.page === opener)?.page.id;
      void attach(page).then(() => from !== undefined && steps.popup(page.id, from, page.page.url())).catch(() => undefined).finally(() => ids.settled(page.id));
    },
    lost: (id) => ids.settled(id),
  };
  const first = await session.openPage('p1');
  await first.goto(url, 'load', openMs);
  await attach(first);
  steps.opened('p1', url);
  const end = () => over.resolve();
  stop.addEventListener('abort', end, { once: true });
  session.ended.addEventListener('abort', end, { once: true });
  if (stop.aborted || session.ended.aborted) end();
  await over.promise;
  // A run that was cancelled or ran out of time has recorded nothing; a window that was closed is the usual end.
  scope.signal.throwIfAborted();
  for (const { page, recorder } of pages.values()) {
    await recorder.settle();
    const said = await recorder.said();
    if (said !== undefined) steps.seen(page.id, said);
  }
  // Those of windows that are closed have told all they knew; it may still be on its way through.
  await Promise.all(all.map((recorder) => recorder.settled()));
  steps.finish();
}

function mayOpen(scope: RunScope, address: string): boolean {
  const url = URL.parse(address);
  return url !== null && /^https?:$/.test(url.protocol) && scope.gate.allows(netAction(url));
}

/** For a recording in which nothing was done. */
export function nothingRecorded(): AssassinError {
  return new AssassinError('chain-invalid', 'Nothing was done in the browser, so there is nothing to save as a chain.', { hint: 'Record again, and click or type something before you close the window.' });
}
