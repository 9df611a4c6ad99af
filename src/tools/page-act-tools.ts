import * as z from 'zod';
import { click, drag, hover, press, scroll, typeText } from '../browser/page-actions.ts';
import { choose, fill } from '../browser/page-fields.ts';
import { action, actionMs, outputOf, page, selector } from './page-inputs.ts';
import type { RunBrowsers } from './run-browsers.ts';
import { defineTool, type Tool } from './tool.ts';

const effects = { readOnly: false, openWorld: true, untrustedOutput: true };
const modifiers = z.array(z.enum(['Control', 'Shift', 'Alt', 'Meta'])).max(4).optional();
const pixels = z.number().int().min(-100_000).max(100_000);

/** Tools that use a page as a person would. What they lead to on the network is decided on by the egress proxy. */
export function pageActTools(browsers: RunBrowsers): readonly Tool[] {
  return [
    defineTool({
      name: 'page.click', title: 'Click', kind: 'browser', effects,
      description: 'Clicks an element once it is visible, enabled, at rest and not covered; says why where it never is. Where that leads to another page, waits for it.',
      outputSchema: outputOf(action),
      input: z.object({ page, selector, button: z.enum(['left', 'right', 'middle']).default('left'), count: z.number().int().min(1).max(3).default(1).describe('2 for a double click.'), modifiers, timeoutMs: actionMs }),
      run: async ({ page, selector, button, count, modifiers, timeoutMs }, { scope }) => ({ ...(await click(browsers.of(scope).page(page), selector, { timeoutMs, button, count, ...(modifiers ? { modifiers } : {}) })) }),
    }),
    defineTool({
      name: 'page.hover', title: 'Hover', kind: 'browser', effects,
      description: 'Moves the mouse over an element and leaves it there: for menus and hints that open so.',
      outputSchema: outputOf(action),
      input: z.object({ page, selector, timeoutMs: actionMs }),
      run: async ({ page, selector, timeoutMs }, { scope }) => ({ ...(await hover(browsers.of(scope).page(page), selector, timeoutMs)) }),
    }),
    defineTool({
      name: 'page.drag', title: 'Drag', kind: 'browser', effects,
      description: 'Drags an element onto another one (to), or by some CSS pixels (dx, dy).',
      outputSchema: outputOf(action),
      input: z.object({ page, selector, to: selector.optional(), dx: pixels.default(0), dy: pixels.default(0), timeoutMs: actionMs }).refine(({ to, dx, dy }) => (to !== undefined) !== (dx !== 0 || dy !== 0), 'give either to, or dx and dy'),
      run: async ({ page, selector, to, dx, dy, timeoutMs }, { scope }) => ({ ...(await drag(browsers.of(scope).page(page), selector, to === undefined ? { dx, dy } : { to }, timeoutMs)) }),
    }),
    defineTool({
      name: 'page.scroll', title: 'Scroll', kind: 'browser', effects,
      description: 'Scrolls an element into view, or with dx or dy the page or a part of it by CSS pixels; with until again and again, until that can be seen, for lists that grow.',
      outputSchema: outputOf(action),
      input: z.object({ page, selector: selector.optional(), dx: pixels.default(0), dy: pixels.default(0), until: selector.optional(), timeoutMs: actionMs }).refine(({ until, dx, dy }) => until === undefined || dx !== 0 || dy !== 0, 'until needs dx or dy: how far each step goes'),
      run: async ({ page, selector, dx, dy, until, timeoutMs }, { scope }) => ({ ...(await scroll(browsers.of(scope).page(page), { dx, dy, timeoutMs, ...(until === undefined ? {} : { until }), ...(selector === undefined ? {} : { selector }) })) }),
    }),
    defineTool({
      name: 'page.type', title: 'Type text', kind: 'browser', effects,
      description: 'Types text at the end of a field, or with clear in place of what it holds. A line break presses Enter. ${secret:NAME} stands for a stored secret.',
      secretFields: ['text'],
      outputSchema: outputOf(action),
      input: z.object({ page, selector, text: z.string().max(100_000), clear: z.boolean().default(false), timeoutMs: actionMs }),
      run: async ({ page, selector, text, clear, timeoutMs }, { scope, secret = false }) => ({ ...(await typeText(browsers.of(scope).page(page), selector, text, { clear, timeoutMs, secret })) }),
    }),
    defineTool({
      name: 'page.fill', title: 'Fill a field', kind: 'browser', effects,
      description: 'Puts a value into a field of any kind at once: text, YYYY-MM-DD for dates, HH:MM for times, #rrggbb for colours, a number for sliders, true or false for boxes, an option of a list. ${secret:NAME} stands for a stored secret.',
      secretFields: ['value'],
      outputSchema: outputOf(action),
      input: z.object({ page, selector, value: z.union([z.string().max(100_000), z.number(), z.boolean()]), timeoutMs: actionMs }),
      run: async ({ page, selector, value, timeoutMs }, { scope, secret = false }) => ({ ...(await fill(browsers.of(scope).page(page), selector, value, { timeoutMs, secret })) }),
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
  ];
}
