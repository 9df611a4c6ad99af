import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../src/shared/json.ts';
import { buildSandboxFiles } from '../../test/helpers/sandbox.ts';
import { definitions } from './definitions.ts';
import type { MultiToolTask } from './multi-tool-task.ts';
import { runCodeAct } from './run-code-act.ts';
import { runDirect } from './run-direct.ts';
import type { TaskCost } from './task-cost.ts';
import { githubTasks } from './tasks-github.ts';
import { peopleTasks } from './tasks-people.ts';

const tasks = [...githubTasks, ...peopleTasks];

/** Tokens of the same tasks, done both ways to the same effects. Nothing here depends on time, so one round says it all. */
export async function tokens() {
  using sandbox = await buildSandboxFiles();
  const rows = [];
  for (const count of [20, 200]) {
    const tools = definitions(count);
    if (tools === undefined) {
      console.log('Left out: tokens of CodeAct. The catalogue of real tools is not there (../shared/data/mcp-tools.jsonl.gz).');
      return [];
    }
    let [ours, looking, peer] = [0, 0, 0];
    for (const task of tasks) {
      const codeAct = checked(task, 'CodeAct', await runCodeAct(task, tools, false, sandbox));
      const look = checked(task, 'CodeAct', await runCodeAct(task, tools, true, sandbox));
      const direct = checked(task, 'direct calls', await runDirect(task, tools));
      rows.push(row(`tokens with ${count} tools: ${task.name}`, codeAct.tokens, direct.tokens, 1));
      ours += codeAct.tokens;
      looking += look.tokens;
      peer += direct.tokens;
    }
    rows.push(row(`tokens with ${count} tools: all ${tasks.length} tasks`, ours, peer, tasks.length));
    // For services that the model does not know: one more turn each.
    rows.push(row(`tokens with ${count} tools: all ${tasks.length} tasks, with a look at a sample first`, looking, peer, tasks.length));
  }
  return rows;
}

function row(bench: string, ours: number, peer: number, n: number) {
  return { bench, unit: 'tokens', ours, peer, peerName: 'direct calls, all definitions in the prompt', ratio: ours / peer, n };
}

function checked(task: MultiToolTask, how: string, cost: TaskCost): TaskCost {
  const sorted = (effects: readonly JsonObject[]) => effects.map(({ tool, args }) => ({ tool, args })).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (cost.effects.length === 0 || !isDeepStrictEqual(sorted(cost.effects.map(keyed)), sorted(task.effects().map(keyed)))) {
    throw new Error(`${task.name} with ${how} did not do what it should; the comparison would be worth nothing.\n${JSON.stringify(sorted(cost.effects)).slice(0, 800)}\n${JSON.stringify(sorted(task.effects())).slice(0, 800)}`);
  }
  return cost;
}

/** Arguments in one order, whoever wrote them down. */
function keyed({ tool = null, args = null }: JsonObject): JsonObject {
  return { tool, args: Object.fromEntries(Object.entries(args as JsonObject).sort(([a], [b]) => (a < b ? -1 : 1))) };
}
