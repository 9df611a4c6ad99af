import { describe, expect, it } from 'vitest';
import { ProjectInstructions } from '../../../src/agent/context/project-instructions.ts';
import { ReachedPlaces } from '../../../src/agent/context/reached-places.ts';
import { noSources } from '../../../src/agent/context/context-sources.ts';
import { Evidence } from '../../../src/agent/evidence.ts';
import { codeAct } from '../../../src/agent/executors/code-act.ts';
import { Repairs } from '../../../src/agent/repairs.ts';
import { ResultStore } from '../../../src/agent/result-store.ts';
import { ToolCalls } from '../../../src/agent/tool-calls.ts';
import { estimateInput } from '../../../src/models/usage.ts';
import type { RunScope } from '../../../src/run/run-scope.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { defineTool } from '../../../src/tools/tool.ts';
import * as z from 'zod';
import { withRun } from '../../helpers/run.ts';

/** Tokens of the prompt and all definitions, with so many tools connected. */
async function size(scope: RunScope, connected: number): Promise<{ readonly tokens: number; readonly names: readonly string[] }> {
  const tools = new ToolRegistry();
  for (let i = 0; i < connected; i++) {
    tools.register(defineTool({ name: `mcp.server.tool_${i}`, title: 'T', description: 'Does one of many things. '.repeat(10), kind: 'mcp', effects: { readOnly: true }, input: z.object({ a: z.string() }), run: () => Promise.resolve(null) }));
  }
  const results = new ResultStore(scope.journal, () => Promise.resolve(new Uint8Array()));
  const direct = await codeAct.tools({ scope, tools, code: { run: () => Promise.resolve(null) }, results, evidence: new Evidence(), places: new ReachedPlaces({ scope, tools, sources: noSources, instructions: new ProjectInstructions(), model: {} }), repairs: new Repairs({ scope, events: () => [], limit: 3, activity: () => 0 }), state: {} });
  const { definitions } = new ToolCalls({ scope, tools: direct, results, finished: () => false });
  return { tokens: estimateInput({ messages: [{ role: 'system', text: codeAct.prompt }], tools: definitions, toolChoice: 'auto' }), names: definitions.map(({ name }) => name) };
}

describe('what every request of code-act carries', () => {
  it('stays under 2,000 tokens, and does not grow with the tools that are connected', async () => {
    const run = await withRun([], async (scope) => {
      const few = await size(scope, 0);
      const many = await size(scope, 5000);
      expect(few.tokens).toBeLessThan(2000);
      expect(many.tokens).toBe(few.tokens);
      return [...few.names];
    });
    expect(run.result()).toEqual(['search_tools', 'describe_tools', 'run_code', 'read_file', 'edit_file', 'delegate', 'ask_person', 'set_plan', 'read_result', 'finish']);
  });
});
