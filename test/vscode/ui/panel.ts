import type { ElementHandle } from 'puppeteer-core';
import { clickSteady, labelOf } from '../harness/mouse.ts';
import { eventually, patienceMs, type Workbench } from '../harness/workbench.ts';

/** Waits until the page of the panel that shows `selector` says this. */
export async function says(workbench: Workbench, text: string, selector = '.composer-text', timeoutMs = patienceMs): Promise<void> {
  await eventually(`the panel to say "${text}"`, async () => (await (await workbench.webview(selector)).evaluate((root) => root.textContent ?? '')).includes(text), timeoutMs);
}

const valueOf = (root: ElementHandle, selector: string) => root.$eval(selector, (each) => ('value' in each ? each.value : ''));

/** Replaces what stands in a text field of the panel. The page may draw it anew while one types: then it is typed again. */
export async function fill(workbench: Workbench, text: string, selector: string): Promise<void> {
  const { keyboard } = workbench.page;
  let tries = 0;
  await eventually(`"${text}" in ${selector}`, async () => {
    const root = await workbench.webview(selector);
    const box = await root.$(selector);
    if (!box || !(await clickSteady(box, ''))) return false;
    if ((await valueOf(root, selector)) !== '') {
      await keyboard.down('Control');
      await keyboard.press('KeyA');
      await keyboard.up('Control');
    }
    // Key by key as a person does; where that fails, in one piece.
    if (tries++ === 0) await keyboard.type(text);
    else await keyboard.sendCharacter(text);
    return await eventually('what was typed', async () => (await valueOf(root, selector)) === text, patienceMs / 8);
  });
}

/** Types into the composer, or another field, and sends it. */
export async function write(workbench: Workbench, text: string, selector = '.composer-text'): Promise<void> {
  await fill(workbench, text, selector);
  await workbench.page.keyboard.press('Enter');
}

/** Clicks the first of these whose label says this. */
export async function press(workbench: Workbench, label: string, selector = 'button'): Promise<void> {
  await eventually(`the button "${label}"`, async () => {
    const root = await workbench.webview(selector);
    for (const button of await root.$$(selector)) if ((await labelOf(button)).includes(label)) return await clickSteady(button, label);
    return false;
  });
}
