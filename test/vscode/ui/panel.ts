import { eventually, type Workbench } from '../harness/workbench.ts';

/** Waits until the page of the panel that shows `selector` says this. */
export async function says(workbench: Workbench, text: string, selector = '.composer-text', timeoutMs = 15_000): Promise<void> {
  await eventually(`the panel to say "${text}"`, async () => (await (await workbench.webview(selector)).evaluate((root) => root.textContent ?? '')).includes(text), timeoutMs);
}

/** Types into the composer and sends it. */
export async function write(workbench: Workbench, text: string): Promise<void> {
  const root = await workbench.webview('.composer-text');
  await (await root.$('.composer-text'))?.click();
  await workbench.page.keyboard.type(text);
  await workbench.page.keyboard.press('Enter');
}

/** Clicks the first of these whose label says this. */
export async function press(workbench: Workbench, label: string, selector = 'button'): Promise<void> {
  await eventually(`the button "${label}"`, async () => {
    const root = await workbench.webview(selector);
    for (const button of await root.$$(selector)) {
      if (!(await button.evaluate((each) => `${each.textContent ?? ''} ${each.getAttribute('aria-label') ?? ''}`)).includes(label)) continue;
      await button.click();
      return true;
    }
    return false;
  });
}
