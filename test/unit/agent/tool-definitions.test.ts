import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { definitionsOf } from '../../../src/agent/tool-definitions.ts';
import { defineTool, type Tool } from '../../../src/tools/tool.ts';

const input = z.strictObject({ path: z.string().max(100) });
const tool = (name: string, description = 'Reads.'): Tool => defineTool({ name, title: name, description, kind: 'tool', effects: { readOnly: true }, input, run: () => Promise.resolve(null) });

describe('definitions of tools', () => {
  it('are the same list for tools that are made anew for each task, so that nothing of it is worked out again', () => {
    const first = definitionsOf([tool('read')]);
    expect(definitionsOf([tool('read')])).toBe(first);
    expect(first).toEqual([{ name: 'read', description: 'Reads.', inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] } }]);
  });

  it('tell tools apart that share a schema', () => {
    expect(definitionsOf([tool('read'), tool('list', 'Lists.')]).map(({ name, description }) => [name, description])).toEqual([['read', 'Reads.'], ['list', 'Lists.']]);
    expect(definitionsOf([tool('list', 'Lists.')])).toHaveLength(1);
    expect(definitionsOf([tool('read', 'Reads well.')])[0]?.description).toBe('Reads well.');
  });
});
