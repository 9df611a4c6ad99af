import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession, KeyInput, Page } from 'puppeteer-core/internal/puppeteer-core-browser.js';

export interface Person {
  readonly page: Page;
  /** Moves the mouse there and presses it, as a device would. */
  click(selector: string, options?: { readonly button?: 'left' | 'right'; readonly count?: number; readonly frame?: string }): Promise<void>;
  /** Waits until nothing in this element has changed for a while: a click needs one that is not exchanged under the mouse. */
  watch(selector: string): Promise<void>;
  type(text: string): Promise<void>;
  press(key: KeyInput): Promise<void>;
  drag(selector: string, dx: number, dy: number): Promise<void>;
  /** Moves the mouse there in small steps, and lets it rest. */
  hover(selector: string): Promise<void>;
  /** Turns the wheel over this element until all of `end` is in the window. */
  wheel(selector: string, end: string, deltaY?: number): Promise<void>;
  /** Holds keys together, with what an editor does at them. */
  chord(key: KeyInput, command?: string): Promise<void>;
}

const findMs = 20_000;

/** What hands do to a page: events of devices through the browser's own input, which pages and listeners cannot tell from real ones. */
export function personAt(page: Page): Person {
  const middle = async (selector: string, frame?: string) => {
    const root = frame === undefined ? page : (await (await page.waitForSelector(frame))!.contentFrame())!;
    // A page may put another element in its place while it is looked at.
    for (const until = performance.now() + findMs; ; await sleep(50)) {
      const element = (await root.waitForSelector(selector, { visible: true }))!;
      const point = await element.clickablePoint().catch(() => undefined);
      await element.dispose();
      if (point !== undefined) return { x: point.x, y: point.y };
      if (performance.now() > until) throw new Error(`${selector} cannot be clicked.`);
    }
  };
  return {
    page,
    click: async (selector, { frame, ...options } = {}) => {
      const { x, y } = await middle(selector, frame);
      await page.mouse.click(x, y, { delay: 5, ...options });
    },
    watch: (selector) => page.$eval(selector, (element) => new Promise<void>((resolve) => {
      let quiet = setTimeout(resolve, 400);
      new MutationObserver(() => {
        clearTimeout(quiet);
        quiet = setTimeout(resolve, 400);
      }).observe(element, { childList: true });
    })),
    type: (text) => page.keyboard.type(text),
    press: (key) => page.keyboard.press(key),
    hover: async (selector) => {
      const { x, y } = await middle(selector);
      await page.mouse.move(x, y, { steps: 4 });
    },
    wheel: async (selector, end, deltaY = 300) => {
      const { x, y } = await middle(selector);
      await page.mouse.move(x, y);
      for (const until = performance.now() + findMs; !(await page.$eval(end, (element) => element.getBoundingClientRect().bottom < innerHeight).catch(() => false)); await sleep(50)) {
        if (performance.now() > until) throw new Error(`${end} does not come.`);
        await page.mouse.wheel({ deltaY });
      }
      // Browsers go on scrolling for a moment after the wheel.
      const at = () => page.$eval(end, (element) => element.getBoundingClientRect().top);
      for (let [before, now] = [Number.NaN, await at()]; before !== now; [before, now] = [now, await at()]) await sleep(200);
    },
    chord: async (key, command) => {
      await page.keyboard.down('Control');
      await page.keyboard.press(key, command === undefined ? {} : { commands: [command] });
      await page.keyboard.up('Control');
    },
    drag: async (selector, dx, dy) => {
      const { x, y } = await middle(selector);
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + dx, y + dy, { steps: 5 });
      await page.mouse.up();
    },
  };
}

/** As a person answers the next dialog of the page. */
export async function answersNext(client: CDPSession, accept: boolean, promptText?: string): Promise<void> {
  await client.send('Page.enable');
  client.once('Page.javascriptDialogOpening', () => void sleep(20).then(() => client.send('Page.handleJavaScriptDialog', { accept, ...(promptText === undefined ? {} : { promptText }) })));
}
