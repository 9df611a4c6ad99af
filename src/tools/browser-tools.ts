import * as z from 'zod';
import { isolations, type BrowserFactory } from '../browser/browser-factory.ts';
import { parseEndpoint } from '../browser/remote-endpoint.ts';
import { netAction } from '../policy/action.ts';
import { pageActTools } from './page-act-tools.ts';
import { location, navigationMs, outputOf, page, url, waitUntil } from './page-inputs.ts';
import { pageFileTools } from './page-file-tools.ts';
import { pageReadTools } from './page-read-tools.ts';
import { pageSnapshotTool } from './page-snapshot-tool.ts';
import { pageStateTools } from './page-state-tools.ts';
import type { PageToolOptions } from './page-tool-options.ts';
import { pageWaitTool } from './page-wait-tool.ts';
import { pageWindowTools } from './page-window-tools.ts';
import { RunBrowsers } from './run-browsers.ts';
import { defineTool, type Tool } from './tool.ts';
import { verifyTools } from './verify-tools.ts';

const effects = { readOnly: true, openWorld: true, untrustedOutput: true };
const viewport = z.object({ width: z.number().int().min(100).max(4096), height: z.number().int().min(100).max(4096) }).optional().describe('Size of the window in CSS pixels. Default 1280 by 800.');
const isolation = z.enum(isolations).optional().describe('"process": a browser for this run alone. "context": cookies, storage and grants of its own in a process that runs share. Default: as the settings say, "process" where they do not.');
const remote = z.string().optional().describe('DevTools address (ws://, wss://, http:// or https://) of a browser that runs elsewhere; its key is written ${secret:NAME}. Needs the grant "browser ws://host:port"; what its pages reach cannot be limited from here.');

/** The throwaway browser as tools: one browser for each run, launched when its first page is opened, gone with the run. */
export function browserTools(factory: BrowserFactory, options: PageToolOptions = {}): readonly Tool[] {
  const browsers = new RunBrowsers(factory);
  return [
    defineTool({
      name: 'browser.open', title: 'Open a page', kind: 'browser', effects,
      description: 'Opens an address in the throwaway browser of the run and gives the id of the page. An HTTP error status is an answer, not a failure.',
      outputSchema: outputOf(location.extend({ page: z.string() })),
      secretFields: ['remote'],
      input: z.object({ url, waitUntil, timeoutMs: navigationMs, viewport, isolation, remote }),
      actions: ({ url, remote }) => [remote === undefined ? { kind: 'browser' } : { kind: 'browser', endpoint: parseEndpoint(remote).origin }, netAction(new URL(url))],
      run: async ({ url, waitUntil, timeoutMs, viewport, isolation, remote }, { scope }) => {
        const browser = browsers.of(scope);
        const opened = await browser.openPage(viewport, { ...(isolation === undefined ? {} : { isolation }), ...(remote === undefined ? {} : { remote: parseEndpoint(remote) }) });
        try {
          opened.approve(netAction(new URL(url)));
          return { page: opened.id, ...(await opened.goto(url, waitUntil, timeoutMs)) };
        } catch (error) {
          // Nobody learns the id of a page that could not be opened, so nobody could close it.
          await browser.close(opened.id).catch(() => undefined);
          throw error;
        }
      },
    }),
    defineTool({
      name: 'page.goto', title: 'Go to an address', kind: 'browser', effects,
      description: 'Shows another address in an open page.',
      outputSchema: outputOf(location),
      input: z.object({ page, url, waitUntil, timeoutMs: navigationMs }),
      actions: ({ url }) => [netAction(new URL(url))],
      run: async ({ page, url, waitUntil, timeoutMs }, { scope }) => {
        const opened = browsers.of(scope).page(page);
        opened.approve(netAction(new URL(url)));
        return { ...(await opened.goto(url, waitUntil, timeoutMs)) };
      },
    }),
    ...[...pageActTools(browsers), pageWaitTool(browsers), ...pageReadTools(browsers), pageSnapshotTool(browsers), ...pageFileTools(browsers, options), ...pageWindowTools(browsers), ...pageStateTools(browsers, options)].map((tool) => markingPage(tool, browsers)),
    ...verifyTools(browsers, options),
    defineTool({
      name: 'page.close', title: 'Close a page', kind: 'browser', effects: { readOnly: true },
      description: 'Closes a page. What is still open goes with the run.',
      outputSchema: outputOf(z.null()),
      input: z.object({ page }),
      run: async ({ page }, { scope }) => {
        await browsers.of(scope).close(page);
        return null;
      },
    }),
  ];
}

/** A click, a script or a redirect may have led a page elsewhere: whoever looks at it reads what is there now. */
function markingPage(tool: Tool, browsers: RunBrowsers): Tool {
  return {
    ...tool,
    run: async (input, context) => {
      const { scope, step } = context;
      try {
        return await tool.run(input, context);
      } finally {
        const id = typeof input === 'object' && input !== null && 'page' in input ? input.page : undefined;
        const url = typeof id === 'string' ? URL.parse(browsers.of(scope).address(id) ?? '') : null;
        if (url !== null && /^https?:$/.test(url.protocol)) scope.gate.hasRead(netAction(url), step);
      }
    },
  };
}
