import * as z from 'zod';
import { expect, it } from 'vitest';
import { findTools } from '../../../src/agent/tools/find-tools.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { defineTool } from '../../../src/tools/tool.ts';
import { withRun } from '../../helpers/run.ts';

const named = (name: string) => defineTool({ name, title: name, kind: 'tool', effects: { readOnly: true }, description: 'Weighs parcels.', input: z.strictObject({}), run: () => Promise.resolve(null) });

it('finds what code can call also where many tools that it cannot call fit as well', async () => {
  const run = await withRun([], async (scope) => {
    const tools = new ToolRegistry();
    tools.register(...Array.from({ length: 20 }, (_, i) => named(`inner.weigh_${i}`)), named('mcp.post.weigh_parcel'));
    const [search] = findTools({ scope, tools });
    const ask = (query: string | string[]) => search!.run({ query }, { scope, step: 's1', signal: new AbortController().signal });
    return [await ask('weigh parcels'), await ask(['weigh parcels', 'inner weigh'])];
  });
  expect(run.result()).toEqual(['mcp.post.weigh_parcel(): Weighs parcels.', 'mcp.post.weigh_parcel(): Weighs parcels.']);
});
