import * as z from 'zod';
import { emulate, type Emulation } from '../browser/page-emulation.ts';
import { frameList } from '../browser/page-snapshot.ts';
import { AssassinError } from '../shared/errors.ts';
import { actionMs, location, outputOf, page } from './page-inputs.ts';
import type { RunBrowsers } from './run-browsers.ts';
import { defineTool, type Tool } from './tool.ts';
import { setTimeout as sleep } from 'node:timers/promises';

const effects = { readOnly: true, openWorld: true, untrustedOutput: true };
const size = z.number().int().min(100).max(4096);

/** Tools around a page: its windows, frames and dialogs, and in what circumstances it believes itself to be. */
export function pageWindowTools(browsers: RunBrowsers): readonly Tool[] {
  return [
    defineTool({
      name: 'browser.pages', title: 'List open pages', kind: 'browser', effects,
      description: 'The open pages of the run, also those that pages have opened by themselves.',
      outputSchema: outputOf(z.array(z.object({ page: z.string(), url: z.string() }))),
      input: z.object({}),
      run: (_input, { scope }) => Promise.resolve(browsers.of(scope).pages().map(({ id, page }) => ({ page: id, url: page.url() }))),
    }),
    defineTool({
      name: 'page.popup', title: 'Take over a window', kind: 'browser', effects,
      description: 'Gives the next window that a page has opened by itself, and waits for one where there is none yet.',
      outputSchema: outputOf(location.extend({ page: z.string() })),
      input: z.object({ page, timeoutMs: actionMs }),
      run: async ({ page, timeoutMs }, { scope }) => {
        const browser = browsers.of(scope);
        const opener = browser.page(page);
        for (const until = performance.now() + timeoutMs; ; await sleep(50)) {
          const id = opener.popups.shift();
          if (id !== undefined) {
            const opened = browser.page(id);
            await opened.page.waitForFunction('document.readyState !== "loading"', { timeout: timeoutMs }).catch(() => undefined);
            return { page: id, ...(await opened.location()) };
          }
          opener.check();
          if (performance.now() > until) throw new AssassinError('page-failed', `${page} opened no window within ${timeoutMs} ms.`, { hint: 'Click what opens one first.' });
        }
      },
    }),
    defineTool({
      name: 'page.frames', title: 'List frames', kind: 'browser', effects,
      description: 'The frames of a page. What is in one is named by "iframe-selector >>> selector", or by its reference in a snapshot.',
      outputSchema: outputOf(z.array(z.object({ url: z.string(), name: z.string(), depth: z.number() }))),
      input: z.object({ page }),
      run: ({ page }, { scope }) => Promise.resolve(frameList(browsers.of(scope).page(page)).map((frame) => ({ ...frame }))),
    }),
    defineTool({
      name: 'page.dialogs', title: 'Answer dialogs', kind: 'browser', effects: { ...effects, readOnly: false },
      description: 'Says how confirm and prompt dialogs are answered from now on (declined where nothing was said), and gives those that were shown.',
      outputSchema: outputOf(z.array(z.object({ type: z.string(), message: z.string(), accepted: z.boolean() }))),
      input: z.object({ page, accept: z.boolean().optional(), text: z.string().max(10_000).optional().describe('What is put into a prompt.') }),
      run: ({ page, accept, text }, { scope }) => {
        const { dialogs } = browsers.of(scope).page(page);
        if (accept !== undefined) dialogs.answerWith({ accept, ...(text === undefined ? {} : { text }) });
        return Promise.resolve(dialogs.seen.map((dialog) => ({ ...dialog })));
      },
    }),
    defineTool({
      name: 'page.logs', title: 'Read console and network', kind: 'browser', effects,
      description: 'What the page logged, errors that nobody caught, and requests, the last 1,000 of each; with errorsOnly only errors, refused and failed requests, and those answered with 400 and above.',
      outputSchema: outputOf(z.object({ console: z.array(z.unknown()), network: z.array(z.unknown()) })),
      input: z.object({ page, errorsOnly: z.boolean().default(false) }),
      run: ({ page, errorsOnly }, { scope }) => {
        const { record } = browsers.of(scope).page(page);
        const network = record.network.filter(({ status, failure }) => !errorsOnly || failure !== null || (status ?? 0) >= 400);
        return Promise.resolve({
          console: record.console.filter(({ level }) => !errorsOnly || level === 'error').map((entry) => ({ ...entry })),
          network: network.map(({ method, url, type, status, failure, ms }) => ({ method, url, type, status, failure, ms })),
        });
      },
    }),
    defineTool({
      name: 'page.emulate', title: 'Emulate', kind: 'browser', effects: { ...effects, readOnly: false },
      description: 'Makes a page believe in another device, window size, locale, timezone, colour scheme, reduced motion, print, or that it is offline. What is left out stays as it is.',
      outputSchema: outputOf(z.null()),
      input: z.object({
        page, device: z.string().max(100).optional().describe('For example "iPhone 15" or "iPad".'),
        viewport: z.object({ width: size, height: size, deviceScaleFactor: z.number().min(0.5).max(4).optional(), isMobile: z.boolean().optional() }).optional(),
        locale: z.string().max(50).optional(), timezone: z.string().max(100).optional(), colorScheme: z.enum(['light', 'dark']).optional(), reducedMotion: z.boolean().optional(),
        media: z.enum(['screen', 'print']).optional(), offline: z.boolean().optional(),
      }),
      run: async ({ page, ...wanted }, { scope }) => {
        // zod leaves out what was not given, which the type cannot say.
        await emulate(browsers.of(scope).page(page), JSON.parse(JSON.stringify(wanted)) as Emulation);
        return null;
      },
    }),
  ];
}
