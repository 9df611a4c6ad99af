import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RecordedRequest } from '../../fixtures/models/scripted-server.ts';
import { fixture, nodeServer } from '../../helpers/mcp.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { calls, finishChecked, lastResult, recorded, taskTest } from '../../helpers/tasks.ts';

let sandbox: SandboxFiles;
beforeAll(async () => { sandbox = await buildSandboxFiles(); });
afterAll(() => sandbox[Symbol.dispose]());

/** What the definitions of tools and the instructions cost in the first request, as o200k counts the JSON on the wire. */
function tokensOf({ body: { messages, tools = [] } }: RecordedRequest): { readonly tokens: number; readonly names: readonly string[] } {
  return { tokens: encode(JSON.stringify(messages)).length + encode(JSON.stringify(tools)).length, names: tools.map((tool) => tool.function.name) };
}

/** The first request of a task with so many tools connected, of which the last is found and called in it. */
async function promptWith(count: number): Promise<ReturnType<typeof tokensOf>> {
  const last = `handle_item_${count - 1}`;
  await using test = await taskTest(sandbox, {}, recorded(calls(['search_tools', { query: last }]), finishChecked('found')), { settings: { mcpServers: [nodeServer('many', fixture('many-tools.mjs'), [String(count)])] } });
  await test.runtime.mcp.start('many');
  expect(test.runtime.mcp.knownTools('many')?.length).toBe(count);
  await test.task('Say hello.', { grants: ['mcp many:*'] });
  // Otherwise the prompt would be small because nothing is connected.
  expect(lastResult(test.server.requests[1]!)).toContain(last);
  return tokensOf(test.server.requests[0]!);
}

it('costs the same prompt, under 2,000 tokens, with 1, 100 and 18,780 tools connected', async () => {
  const [one, hundred, all] = [await promptWith(1), await promptWith(100), await promptWith(18_780)];
  console.log(`tokens of the first request: ${one.tokens}, ${hundred.tokens}, ${all.tokens}`);
  expect(all).toEqual(one);
  expect(hundred).toEqual(one);
  expect(one.tokens).toBeLessThan(2000);
}, 120_000);
