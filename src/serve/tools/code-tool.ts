import * as z from 'zod';
import type { JsonObject } from '../../shared/json.ts';
import { parseInput } from '../../tools/tool.ts';
import type { ServedTool } from '../served-tool.ts';

const input = z.strictObject({
  code: z.string().min(1).max(1_000_000).describe('An ECMAScript or TypeScript module with a default export, for example: export default async function () { return 6 * 7; }'),
});

export const codeTool: ServedTool = {
  name: 'run_code',
  title: 'Run code in a sandbox',
  description: [
    'Runs a module in a throwaway sandbox and gives what its default export returns. The sandbox has no files, no network and no clock of its own. It reaches the world by import { browser, mcp, workspace, http, log, progress } from \'assassin\';',
    'each such call needs a grant, or a person who allows it. The sandbox and everything that it opened is destroyed at the end.',
  ].join(' '),
  inputSchema: z.toJSONSchema(input, { io: 'input' }) as JsonObject,
  effects: { readOnly: false, openWorld: true },
  start: (runtime, value, options) => runtime.startCode('run_code', parseInput('run_code', input, value).code, options),
};
