import { AssassinError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { extract as extractScript } from './extract-script.ts';
import { extractPlan } from './extract-shape.ts';
import { PageScriptError } from './isolated-world.ts';
import { withElement } from './page-elements.ts';
import { readHtml, readLinks, readText, type CutText } from './page-scripts.ts';
import type { PageSession } from './page-session.ts';

/** Largest answers, so that a hostile or merely huge page cannot fill the host, the journal or a prompt. Characters, or entries. */
export const readingCaps = { text: 200_000, html: 1_000_000, links: 2_000, rows: 10_000, json: 2_000_000 } as const;

function marked({ text, total }: CutText): string {
  return text.length === total ? text : `${text}\n[cut: ${text.length} of ${total} characters]`;
}

/** The text as a person sees it. Beyond the cap it ends in a line that says so. */
export function pageText(session: PageSession, selector = 'body'): Promise<string> {
  return withElement(session, selector, ({ world, handle }) => session.ask('its text', async () => marked(await world.callOn(handle, readText, readingCaps.text))));
}

export function pageHtml(session: PageSession, selector = 'html'): Promise<string> {
  return withElement(session, selector, ({ world, handle }) => session.ask('its HTML', async () => marked(await world.callOn(handle, readHtml, readingCaps.html))));
}

export function pageLinks(session: PageSession, selector = 'html'): Promise<readonly { readonly text: string; readonly url: string }[]> {
  return withElement(session, selector, ({ world, handle }) => session.ask('its links', () => world.callOn(handle, readLinks, readingCaps.links)));
}

/** Reads the page along a shape (see extract-shape.ts). Throws `invalid-input` for a wrong shape and `invalid-output` beyond the cap on rows. */
export async function extract(session: PageSession, shape: Json): Promise<Json> {
  const plan = extractPlan(shape);
  const { value, truncated } = await session.ask('what was asked for', (world) => world.call(extractScript, plan, readingCaps.rows));
  if (truncated) throw new AssassinError('invalid-output', `The shape matches more than ${readingCaps.rows} rows of ${session.id}.`, { hint: 'Use a narrower selector, or extract a part at a time.' });
  return value;
}

/**
 * Evaluates one JavaScript expression in the page's document, but not among its variables. A function is called, a promise awaited. The value
 * comes back as JSON; null stands for what JSON does not know. Throws `page-failed` with the script's error.
 */
export async function evaluate(session: PageSession, expression: string, timeoutMs: number): Promise<Json> {
  // The size is looked at inside the page: the whole value might be too large for this process.
  const source = `(async () => {
    let value = (${expression.replace(/;\s*$/, '')}\n);
    if (typeof value === 'function') value = value();
    const text = JSON.stringify(await value) ?? 'null';
    return text.length > ${readingCaps.json} ? { over: text.length } : { text };
  })()`;
  const answer = await session.ask('page.evaluate', async (world) => {
    try {
      return await world.evaluate(source);
    } catch (error) {
      if (!(error instanceof PageScriptError)) throw error;
      throw new AssassinError('page-failed', `The expression failed on ${session.id}: ${error.message}`, { hint: 'Give one expression; wrap statements as "() => { ... }".', cause: error });
    }
  }, timeoutMs) as { readonly text: string } | { readonly over: number };
  if ('text' in answer) return JSON.parse(answer.text) as Json;
  throw new AssassinError('invalid-output', `The expression gave ${answer.over} characters of JSON, more than ${readingCaps.json}.`, { hint: 'Return less, or a part at a time.' });
}
