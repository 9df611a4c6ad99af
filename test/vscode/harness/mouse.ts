import type { ElementHandle } from 'puppeteer-core';

/** What an element shows and what a screen reader says of it. */
export const labelOf = (element: ElementHandle): Promise<string> => element.evaluate((each) => `${each.textContent ?? ''} ${each.getAttribute('aria-label') ?? ''}`.replaceAll('\u00a0', ' '));

/** Whether it has stood still for a moment. */
const standsStill = (element: ElementHandle): Promise<boolean> => element.evaluate(async (each) => {
  const place = () => Object.values(each.getBoundingClientRect().toJSON() as object).join();
  for (let look = 0, last = ''; look < 20; look++) {
    const now = place();
    if (now === last) return true;
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
});

/**
 * Clicks an element that says `text`, once it stands still. Lists draw themselves anew under the mouse, in the same elements, and pages scroll: a click that was
 * aimed at what has moved lands elsewhere. False where it says something else by now, or was missed. `whole` for what acts when the click is over: drawn anew in the
 * middle of it, it has done nothing.
 */
export async function clickSteady(element: ElementHandle, text: string, whole = false): Promise<boolean> {
  if (!(await standsStill(element)) || !(await labelOf(element)).includes(text)) return false;
  const seen = await element.evaluateHandle((each, wanted) => {
    const events = new Set<string>();
    for (const type of ['mousedown', 'mouseup', 'click']) each.addEventListener(type, () => events.add(type), { capture: true, once: true });
    return { hit: () => (wanted ? events.has('click') : events.has('mousedown') && (events.size > 1 || !each.isConnected)) };
  }, whole);
  await element.click();
  // What is gone together with its page was there to be clicked.
  return await seen.evaluate(({ hit }) => hit()).catch(() => true);
}
