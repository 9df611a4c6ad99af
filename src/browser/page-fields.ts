import { AssassinError } from '../shared/errors.ts';
import { selectorOf } from './element-name.ts';
import { acting, onReady, type ActionResult } from './page-actions.ts';
import { referenceOf, whenThere } from './page-elements.ts';
import { chooseOptions, fillField, putFiles } from './page-scripts.ts';
import { maskField } from './page-mask.ts';
import type { PageSession } from './page-session.ts';

/** Chooses options of a `<select>` by value or label. Returns the values that are selected then. */
export async function choose(session: PageSession, selector: string, values: readonly string[], timeoutMs: number): Promise<ActionResult & { readonly selected: readonly string[] }> {
  let selected: readonly string[] = [];
  const result = await onReady(session, selector, timeoutMs, async ({ world, handle }, { description }) => {
    const chosen = await world.callOn(handle, chooseOptions, values);
    if (chosen === null) throw new AssassinError('page-failed', `"${selector}" on ${session.id} (${description}) is not a select element.`, { hint: 'Lists that are drawn by script are used with page.click.', data: { selector } });
    if ('missing' in chosen) {
      throw new AssassinError('page-failed', `"${selector}" on ${session.id} has no option "${chosen.missing}".`, { hint: `It has ${chosen.available.map((value) => `"${value}"`).join(', ')}.`, data: { selector, available: chosen.available } });
    }
    selected = chosen.selected;
  });
  return { ...result, selected };
}

/**
 * Puts a value into a field of whatever kind: text, dates, colours and sliders by what they are to hold, boxes by true or false, lists by value or label.
 * With `secret` it shows dots from then on. Throws `page-failed` where the field does not take it.
 */
export function fill(session: PageSession, selector: string, value: string | number | boolean, { timeoutMs, secret }: { readonly timeoutMs: number; readonly secret: boolean }): Promise<ActionResult> {
  return onReady(session, selector, timeoutMs, async ({ world, handle }, { description, x, y }) => {
    if (secret) await world.callOn(handle, maskField);
    const answer = await world.callOn(handle, fillField, value);
    if (answer === 'click') await session.page.mouse.click(x, y);
    else if (answer === 'done') return;
    else throw new AssassinError('page-failed', `"${selector}" on ${session.id} (${description}) did not take ${JSON.stringify(value)}: ${answer}.`, { hint: 'Give true or false for boxes, YYYY-MM-DD for dates, HH:MM for times, #rrggbb for colours, a number for sliders.', data: { selector } });
  });
}

export interface UploadFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** Puts files into a file field, or drops them on any other element. They go there as data: the browser never gets a path of this computer. */
export function upload(session: PageSession, selector: string, files: readonly UploadFile[], timeoutMs: number): Promise<ActionResult> {
  const reference = referenceOf(selector);
  let lasting: string | undefined;
  const data = files.map(({ name, mediaType, bytes }) => ({ name, mediaType, base64: Buffer.from(bytes).toString('base64') }));
  return acting(session, timeoutMs, () => whenThere(session, selector, timeoutMs, async (found) => {
    if (reference !== undefined) lasting = await selectorOf(session, found, reference).catch(() => undefined);
    const problem = await found.world.callOn(found.handle, putFiles, data);
    if (problem !== null) throw new AssassinError('page-failed', `"${selector}" on ${session.id} ${problem}.`, { hint: 'Name the file field, or what takes dropped files.', data: { selector } });
  })).then((result) => (lasting === undefined ? result : { ...result, selector: lasting }));
}
