import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../src/shared/json.ts';
import { chainTest } from '../../test/helpers/chains.ts';
import { nodeServer } from '../../test/helpers/mcp.ts';
import type { SandboxFiles } from '../../test/helpers/sandbox.ts';
import { calls, code, finish } from '../../test/helpers/tasks.ts';
import { scriptedServer } from '../../test/fixtures/models/scripted-server.ts';
import { tokensOfTurn } from './count-tokens.ts';
import type { CatalogueTool } from './definitions.ts';
import type { MultiToolTask } from './multi-tool-task.ts';
import type { TaskCost } from './task-cost.ts';

const serverScript = fileURLToPath(new URL('catalogue-server.ts', import.meta.url));

/** The task as the product does it: search, a look at what the tools give where `look` is set, one piece of code against real MCP servers, finish. */
export async function runCodeAct(task: MultiToolTask, definitions: readonly CatalogueTool[], look: boolean, sandbox: SandboxFiles): Promise<TaskCost> {
  const folder = await mkdtemp(join(tmpdir(), 'ia-bench-tokens-'));
  const [definitionsFile, effectsFile] = [join(folder, 'definitions.json'), join(folder, 'effects.jsonl')];
  let tokens = 0;
  let turns = 0;
  try {
    await writeFile(definitionsFile, JSON.stringify(definitions));
    const lines = [calls(['search_tools', { query: task.searches }]), ...(look ? [code(task.sample)] : []), code(task.code), finish('Done.')];
    await using server = await scriptedServer((request, index) => {
      const answer = lines[index];
      if (answer === undefined) throw new Error('Asked more often than it should be.');
      tokens += tokensOfTurn(request, answer);
      turns += 1;
      return answer;
    });
    const provider = { kind: 'openai-compatible', name: 'bench', baseUrl: server.baseUrl } as const;
    await using test = await chainTest(sandbox, {}, { settings: { discoverModels: false, modelProviders: [provider] } });
    const servers = [...new Set(definitions.map((each) => each.server))];
    await test.runtime.mcp.configure(servers.map((name) => nodeServer(name, serverScript, [definitionsFile, name, effectsFile])));
    // By name, as a person would allow what a run may send on that has read what strangers wrote.
    const exactly = definitions.filter(({ server: name }) => name !== 'others').map(({ server: name, name: tool }) => `mcp ${name}:${tool}`);
    const handle = await test.runtime.startTask(task.text, { model: 'bench/scripted', grants: [...exactly, ...servers.map((name) => `mcp ${name}:*`)], budget: { tokens: 10_000_000 } });
    const { error, state } = await handle.outcome;
    if (state !== 'done') throw new Error(`${task.name}: ${error?.message ?? state}`);
    const effects = existsSync(effectsFile) ? readFileSync(effectsFile, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as JsonObject) : [];
    return { tokens, turns, effects };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
