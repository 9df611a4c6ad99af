import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EventOf } from '../../../src/shared/events.ts';
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

interface Prompt {
  readonly request: ReturnType<typeof tokensOf>;
  readonly known: EventOf<'tools.known'>;
}

/** The first request of a task with so many tools connected, of which the last is found and called in it. */
async function promptWith(count: number): Promise<Prompt> {
  const last = `handle_item_${count - 1}`;
  await using test = await taskTest(sandbox, {}, recorded(calls(['search_tools', { query: last }]), finishChecked('found')), { settings: { mcpServers: [nodeServer('many', fixture('many-tools.mjs'), [String(count)])] } });
  await test.runtime.mcp.start('many');
  expect(test.runtime.mcp.knownTools('many')?.length).toBe(count);
  const run = await test.task('Say hello.', { grants: ['mcp many:*'] });
  // Otherwise the prompt would be small because nothing is connected.
  expect(lastResult(test.server.requests[1]!)).toContain(last);
  const [known] = run.of('tools.known');
  if (known === undefined) throw new Error('the task has not recorded which tools were connected');
  // What the bill makes of the record: each request would have named all of them.
  const { spared } = test.runtime.bill(known.run);
  expect(spared).toMatchObject({ unrecorded: 0, definitions: [{ tools: known.tools, requests: test.server.requests.length }] });
  return { request: tokensOf(test.server.requests[0]!), known };
}

it('costs the same prompt, under 2,000 tokens, with 1, 100 and 18,780 tools connected, and records what all of their definitions would have taken', async () => {
  const [one, hundred, all] = [await promptWith(1), await promptWith(100), await promptWith(18_780)];
  console.log(`tokens of the first request: ${one.request.tokens}, ${hundred.request.tokens}, ${all.request.tokens}; of all definitions: ${one.known.tokens}, ${hundred.known.tokens}, ${all.known.tokens}`);
  expect(all.request).toEqual(one.request);
  expect(hundred.request).toEqual(one.request);
  expect(one.request.tokens).toBeLessThan(2000);
  // The built-in tools are the same each time.
  expect([hundred.known.tools - one.known.tools, all.known.tools - one.known.tools]).toEqual([99, 18_779]);
  expect([all.known.toldTools, all.known.toldTokens]).toEqual([one.request.names.length, one.known.toldTokens]);
  // Four characters a token is an estimate: here is how far it is off what o200k counts for the same definition.
  const definition = { name: 'mcp.many.handle_item_1', description: 'Handles items of kind 1: finds, changes and removes them in the store of customer 1.', inputSchema: { type: 'object', properties: { id: { type: 'string', description: 'Which item.' }, force: { type: 'boolean' } }, required: ['id'] } };
  const each = (hundred.known.tokens - one.known.tokens) / 99;
  const counted = encode(JSON.stringify(definition)).length;
  console.log(`of one definition: ${each} estimated, ${counted} counted`);
  expect(each / counted).toBeGreaterThan(0.7);
  expect(each / counted).toBeLessThan(1.4);
}, 120_000);
