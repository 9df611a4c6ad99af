import { expect, it } from 'vitest';
import * as z from 'zod';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { defineTool } from '../../../src/tools/tool.ts';

function registryOf(names: readonly string[]): ToolRegistry {
  const tools = new ToolRegistry();
  for (const name of names) tools.register(defineTool({ name, title: name, description: name, kind: 'mcp', effects: { readOnly: true }, input: z.object({}), run: () => Promise.resolve(null) }));
  return tools;
}

const named = (tools: ToolRegistry, name: string) => () => tools.named(name);
const unknown = (hint: string) => expect.objectContaining({ code: 'tool-not-found', hint }) as Error;

it('the names that were probably meant are said', () => {
  const tools = registryOf(['mcp.everything.get-sum', 'workspace.readFile']);
  expect(named(tools, 'everything.get-sum')).toThrow(unknown('Did you mean mcp.everything.get-sum?'));
  expect(named(tools, 'workspace.raedFile')).toThrow(unknown('Did you mean workspace.readFile?'));
  expect(named(tools, 'weather')).toThrow(unknown('See .assassin/types for what can be called.'));
});

it('of very many tools only a name whose beginning was left out', () => {
  const tools = registryOf(Array.from({ length: 2001 }, (_, i) => `mcp.server.tool_${i}`));
  expect(named(tools, 'server.tool_7')).toThrow(unknown('Did you mean mcp.server.tool_7?'));
  expect(named(tools, 'mcp.server.toool_7')).toThrow(unknown('See .assassin/types for what can be called.'));
});
