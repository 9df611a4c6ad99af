import { setTimeout as sleep } from 'node:timers/promises';
import { AssassinError } from '../shared/errors.ts';
import { eventually, isShown, notFound } from './page-elements.ts';
import { evaluate } from './page-reading.ts';
import { hasText } from './page-scripts.ts';
import type { PageSession } from './page-session.ts';

/** How long nothing may be under way before the network counts as idle. */
const idleMs = 500;

export type WaitTarget =
  | { readonly selector: string; readonly state: 'visible' | 'hidden' }
  | { readonly text: string }
  | { readonly ms: number }
  | { readonly url: string }
  | { readonly expression: string }
  | { readonly idle: true };

/** Waits for what is wanted. Throws `page-failed` saying what did not come. */
export async function waitFor(session: PageSession, wanted: WaitTarget, timeoutMs: number): Promise<void> {
  if ('ms' in wanted) return void (await sleep(wanted.ms, undefined, { signal: session.signal }).catch(() => session.check()));
  if ('selector' in wanted) {
    const visible = wanted.state === 'visible';
    if (await eventually(session, timeoutMs, async () => (await isShown(session, wanted.selector)) === visible)) return;
    throw visible ? await notFound(session, wanted.selector, timeoutMs) : failed(session, `"${wanted.selector}" was still to be seen`, timeoutMs, 'See the page with page.screenshot.');
  }
  if ('text' in wanted) {
    if (await eventually(session, timeoutMs, () => session.ask('text', (world) => world.call(hasText, wanted.text)))) return;
    throw failed(session, `"${wanted.text}" did not appear`, timeoutMs, 'See what is there with page.text.', { text: wanted.text });
  }
  if ('url' in wanted) {
    if (await eventually(session, timeoutMs, () => Promise.resolve(session.page.url().includes(wanted.url)))) return;
    throw failed(session, `no address with "${wanted.url}" was shown`, timeoutMs, 'See where it is with page.snapshot.');
  }
  if ('expression' in wanted) {
    if (await eventually(session, timeoutMs, async () => isTrue(await evaluate(session, wanted.expression, timeoutMs)))) return;
    throw failed(session, 'the expression was not true', timeoutMs, 'See what it gives with page.evaluate.');
  }
  if (await eventually(session, timeoutMs, () => Promise.resolve(session.record.quietMs >= idleMs))) return;
  const busy = session.record.network.filter(({ ms }) => ms === null).slice(0, 3).map(({ url }) => url.slice(0, 200));
  throw failed(session, 'the network did not come to rest', timeoutMs, busy.length > 0 ? `Under way: ${busy.join(', ')}.` : 'Wait for a selector or a text instead.');
}

function isTrue(value: unknown): boolean {
  return value !== null && value !== false && value !== 0 && value !== '';
}

function failed(session: PageSession, what: string, timeoutMs: number, hint: string, data: Readonly<Record<string, unknown>> = {}): AssassinError {
  return new AssassinError('page-failed', `On ${session.id} (${session.page.url()}) ${what} within ${timeoutMs} ms.`, { hint, data });
}
