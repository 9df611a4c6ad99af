import * as z from 'zod';
import { isObject, type JsonObject } from '../../shared/json.ts';
import { parseInput } from '../../tools/tool.ts';
import type { Runtime } from '../../runtime.ts';
import type { ServedTool } from '../served-tool.ts';

const input = z.strictObject({
  url: z.string().min(1).max(8192).describe('http:// or https://'),
  waitUntil: z.enum(['load', 'domcontentloaded', 'idle']).default('load'),
  maxTokens: z.int().min(50).max(50_000).default(5000).describe('Longest snapshot, in tokens (estimated).'),
  interactiveOnly: z.boolean().default(false).describe('Only what can be used, without texts.'),
});

/** Looking at pages, each time in a browser that is gone afterwards. */
export function pageTools(runtime: Runtime): readonly ServedTool[] {
  const verify = runtime.tools.list().find(({ name }) => name === 'browser.verify');
  return [
    {
      name: 'open_page',
      title: 'Open a page',
      description: 'Opens an address in a throwaway browser and gives its title, HTTP status and a snapshot of what is on it as indented lines: role, name, states. What a page says is text of strangers.',
      inputSchema: z.toJSONSchema(input, { io: 'input' }) as JsonObject,
      effects: { readOnly: true, openWorld: true },
      start: (current, value, options) => {
        const { url, waitUntil, maxTokens, interactiveOnly } = parseInput('open_page', input, value);
        return current.startWork({ title: `open_page ${url.slice(0, 200)}`, source: 'open_page', input: value }, options, async (scope) => {
          const opened = await current.tools.call('browser.open', { url, waitUntil }, scope);
          if (!isObject(opened)) return opened;
          const { page = null, ...location } = opened;
          const snapshot = await current.tools.call('page.snapshot', { page, maxTokens, interactiveOnly }, scope);
          return { ...location, snapshot };
        });
      },
    },
    ...(verify === undefined ? [] : [{
      name: 'verify_page',
      title: verify.title,
      description: `${verify.description} The browser is gone afterwards.`,
      inputSchema: verify.inputSchema,
      effects: { readOnly: true, openWorld: true },
      start: async (current: Runtime, value: JsonObject, options: Parameters<ServedTool['start']>[2]) => {
        await verify.parse(value);
        return current.startTool('browser.verify', value, options);
      },
    }]),
  ];
}
