import * as z from 'zod';
import { evaluate, extract, pageHtml, pageLinks, pageText, readingCaps } from '../browser/page-reading.ts';
import type { Json } from '../shared/json.ts';
import { wholeNumber } from '../shared/whole-number.ts';
import { actionMs, outputOf, page, selector } from './page-inputs.ts';
import type { RunBrowsers } from './run-browsers.ts';
import { defineTool, type Tool } from './tool.ts';

/** Text of pages is text of strangers. */
const effects = { readOnly: true, openWorld: true, untrustedOutput: true };
const part = selector.optional().describe('Only this element; the whole page where absent.');

/** Tools that look at a page and leave it as it is. */
export function pageReadTools(browsers: RunBrowsers): readonly Tool[] {
  return [
    defineTool({
      name: 'page.text', title: 'Read text', kind: 'browser', effects,
      description: `The text of a page as a person sees it. Cut at ${wholeNumber(readingCaps.text)} characters, with a last line that says so.`,
      outputSchema: outputOf(z.string()),
      input: z.object({ page, selector: part }),
      run: ({ page, selector }, { scope }) => pageText(browsers.of(scope).page(page), selector),
    }),
    defineTool({
      name: 'page.html', title: 'Read HTML', kind: 'browser', effects,
      description: `The HTML of a page as it is now, after its scripts. Cut at ${wholeNumber(readingCaps.html)} characters, with a last line that says so.`,
      outputSchema: outputOf(z.string()),
      input: z.object({ page, selector: part }),
      run: ({ page, selector }, { scope }) => pageHtml(browsers.of(scope).page(page), selector),
    }),
    defineTool({
      name: 'page.links', title: 'Read links', kind: 'browser', effects,
      description: `The links of a page to http and https addresses, in order, with absolute addresses. At most ${wholeNumber(readingCaps.links)}.`,
      outputSchema: outputOf(z.array(z.object({ text: z.string(), url: z.string() }))),
      input: z.object({ page, selector: part }),
      run: async ({ page, selector }, { scope }) => (await pageLinks(browsers.of(scope).page(page), selector)).map((link) => ({ ...link })),
    }),
    defineTool({
      name: 'page.extract', title: 'Extract data', kind: 'browser', effects,
      description: `Reads data along a shape. '.price' gives a text or null, { selector, attr } an attribute, { name: shape } an object, ['.tag'] all texts, { $each: '.row', name: '.name' } one object for each row; [{ name: '.name', price: '.price' }] infers the rows from the first field. At most ${wholeNumber(readingCaps.rows)} rows.`,
      input: z.object({ page, shape: z.json().describe("What is wanted, for example { rows: [{ name: '.name', price: '.price' }] }.") }),
      run: ({ page, shape }, { scope }) => extract(browsers.of(scope).page(page), shape as Json),
    }),
    defineTool({
      name: 'page.evaluate', title: 'Evaluate JavaScript', kind: 'browser', effects: { ...effects, readOnly: false },
      description: `Evaluates one JavaScript expression, or calls one function, on the document of a page, apart from the page's own variables. The value comes back as JSON of at most ${wholeNumber(readingCaps.json)} characters.`,
      input: z.object({ page, expression: z.string().min(1).max(100_000).describe('For example "document.title" or "() => [...document.images].length".'), timeoutMs: actionMs }),
      run: ({ page, expression, timeoutMs }, { scope }) => evaluate(browsers.of(scope).page(page), expression, timeoutMs),
    }),
  ];
}
