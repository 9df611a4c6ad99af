import * as z from 'zod';
import { waitFor, type WaitTarget } from '../browser/page-waits.ts';
import { actionMs, outputOf, page, selector } from './page-inputs.ts';
import type { RunBrowsers } from './run-browsers.ts';
import { defineTool, type Tool } from './tool.ts';

const kinds = ['selector', 'text', 'url', 'expression', 'idle', 'ms'] as const;

const wanted = z.object({
  page,
  selector: selector.optional().describe('Wait until this element is visible.'),
  state: z.enum(['visible', 'hidden']).default('visible').describe('With selector: "hidden" waits until it is not visible any more.'),
  text: z.string().min(1).optional().describe('Wait until this text is on the page.'),
  url: z.string().min(1).optional().describe('Wait until the address holds this.'),
  expression: z.string().min(1).max(100_000).optional().describe('Wait until this JavaScript expression is true, or this function gives true.'),
  idle: z.literal(true).optional().describe('Wait until nothing has been under way on the network for half a second.'),
  ms: z.number().int().min(0).max(600_000).optional().describe('Wait this many milliseconds.'),
  timeoutMs: actionMs,
}).refine((input) => kinds.filter((kind) => input[kind] !== undefined).length === 1, `give exactly one of ${kinds.join(', ')}`);

function target({ selector, state, text, url, expression, idle, ms }: z.infer<typeof wanted>): WaitTarget {
  if (selector !== undefined) return { selector, state };
  if (text !== undefined) return { text };
  if (url !== undefined) return { url };
  if (expression !== undefined) return { expression };
  return idle === undefined ? { ms: ms ?? 0 } : { idle };
}

export function pageWaitTool(browsers: RunBrowsers): Tool {
  return defineTool({
    name: 'page.waitFor', title: 'Wait', kind: 'browser', effects: { readOnly: true },
    description: 'Waits until an element is visible or hidden, until text is on the page, an address is shown, an expression is true or the network is idle, or for some milliseconds. Fails where it does not come in time.',
    outputSchema: outputOf(z.null()),
    input: wanted,
    run: async (input, { scope }) => {
      await waitFor(browsers.of(scope).page(input.page), target(input), input.timeoutMs);
      return null;
    },
  });
}
