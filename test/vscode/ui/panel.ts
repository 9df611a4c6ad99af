import { clickSteady, labelOf } from '../harness/mouse.ts';
import { eventually, patienceMs, type Workbench } from '../harness/workbench.ts';

/** Waits until the page of the panel that shows `selector` says this. */
export async function says(workbench: Workbench, text: string, selector = '.composer-text', timeoutMs = patienceMs): Promise<void> {
  await eventually(`the panel to say "${text}"`, async () => (await (await workbench.webview(selector)).evaluate((root) => root.textContent ?? '')).includes(text), timeoutMs);
}

/** Replaces what stands in a text field of the panel. The page may draw it anew while one types: then it is typed again. */
export async function fill(workbench: Workbench, text: string, selector: string): Promise<void> {
  const { keyboard } = workbench.page;
  await eventually(`"${text}" in ${selector}`, async () => {
    const root = await workbench.webview(selector);
    const box = await root.$(selector);
    if (!box || !(await clickSteady(box, ''))) return false;
    await keyboard.down('Control');
    await keyboard.press('KeyA');
    await keyboard.up('Control');
    await keyboard.type(text);
    return await eventually('what was typed', async () => (await root.$eval(selector, (each) => ('value' in each ? each.value : ''))) === text, patienceMs / 8);
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
