import * as z from 'zod';
import { choose, click, press, typeText, waitFor, type WaitTarget } from '../browser/page-actions.ts';
import { action, actionMs, outputOf, page, selector } from './page-inputs.ts';
import type { RunBrowsers } from './run-browsers.ts';
import { defineTool, type Tool } from './tool.ts';

const effects = { readOnly: false, openWorld: true, untrustedOutput: true };

const wanted = z.object({
  page,
  selector: selector.optional().describe('Wait until this element is visible.'),
  text: z.string().min(1).optional().describe('Wait until this text is on the page.'),
  ms: z.number().int().min(0).max(600_000).optional().describe('Wait this many milliseconds.'),
  timeoutMs: actionMs,
}).refine(({ selector, text, ms }) => [selector, text, ms].filter((value) => value !== undefined).length === 1, 'give exactly one of selector, text and ms');

function target({ selector, text, ms }: z.infer<typeof wanted>): WaitTarget {
  if (selector !== undefined) return { selector };
  return text === undefined ? { ms: ms ?? 0 } : { text };
}

/** Tools that use a page as a person would. What they lead to on the network is decided on by the egress proxy. */
export function pageActTools(browsers: RunBrowsers): readonly Tool[] {
  return [
    defineTool({
      name: 'page.click', title: 'Click', kind: 'browser', effects,
      description: 'Clicks an element once it is visible, enabled, at rest and not covered. Where that leads to another page, waits for it.',
      outputSchema: outputOf(action),
      input: z.object({ page, selector, timeoutMs: actionMs }),
      run: async ({ page, selector, timeoutMs }, { scope }) => ({ ...(await click(browsers.of(scope).page(page), selector, timeoutMs)) }),
    }),
    defineTool({
      name: 'page.type', title: 'Type text', kind: 'browser', effects,
      description: 'Types text at the end of a field, or with clear in place of what it holds. A line break presses Enter.',
      outputSchema: outputOf(action),
      input: z.object({ page, selector, text: z.string().max(100_000), clear: z.boolean().default(false), timeoutMs: actionMs }),
      run: async ({ page, selector, text, clear, timeoutMs }, { scope }) => ({ ...(await typeText(browsers.of(scope).page(page), selector, text, { clear, timeoutMs })) }),
    }),
    defineTool({
      name: 'page.select', title: 'Select options', kind: 'browser', effects,
      description: 'Chooses options of a select element by value or label.',
      outputSchema: outputOf(action.extend({ selected: z.array(z.string()) })),
      input: z.object({ page, selector, values: z.union([z.string(), z.array(z.string()).max(1000)]), timeoutMs: actionMs }),
      run: async ({ page, selector, values, timeoutMs }, { scope }) => ({ ...(await choose(browsers.of(scope).page(page), selector, typeof values === 'string' ? [values] : values, timeoutMs)) }),
    }),
    defineTool({
      name: 'page.press', title: 'Press keys', kind: 'browser', effects,
      description: 'Presses a key, or several held together, on an element or on whatever has the focus.',
      outputSchema: outputOf(action),
      input: z.object({ page, key: z.string().min(1).max(100).describe('For example "Enter", "Escape", "ArrowDown" or "Control+A".'), selector: selector.optional(), timeoutMs: actionMs }),
      run: async ({ page, key, selector, timeoutMs }, { scope }) => ({ ...(await press(browsers.of(scope).page(page), key, selector, timeoutMs)) }),
    }),
    defineTool({
      name: 'page.waitFor', title: 'Wait', kind: 'browser', effects: { readOnly: true },
      description: 'Waits until an element is visible, until text is on the page, or for some milliseconds. Fails where it does not come in time.',
      outputSchema: outputOf(z.null()),
      input: wanted,
      run: async (input, { scope }) => {
        await waitFor(browsers.of(scope).page(input.page), target(input), input.timeoutMs);
        return null;
      },
    }),
  ];
}
