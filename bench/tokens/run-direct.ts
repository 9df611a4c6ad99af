import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, isStepCount, jsonSchema, tool } from 'ai';
import type { Json, JsonObject } from '../../src/shared/json.ts';
import { scriptedServer } from '../../test/fixtures/models/scripted-server.ts';
import { resultsIn } from '../../test/helpers/tasks.ts';
import { tokensOfTurn } from './count-tokens.ts';
import type { CatalogueTool } from './definitions.ts';
import type { MultiToolTask } from './multi-tool-task.ts';
import type { TaskCost } from './task-cost.ts';
import { World } from './world.ts';

/** The task with every definition in the prompt and each call in the model's own hands, in the AI SDK's loop. */
export async function runDirect(task: MultiToolTask, definitions: readonly CatalogueTool[]): Promise<TaskCost> {
  const world = new World();
  let tokens = 0;
  let turns = 0;
  await using server = await scriptedServer((request, index) => {
    const answer = task.direct[index]!(resultsIn(request).map(([, text]) => JSON.parse(text) as Json));
    tokens += tokensOfTurn(request, answer);
    turns += 1;
    return answer;
  });
  await generateText({
    model: createOpenAICompatible({ name: 'bench', baseURL: server.baseUrl }).chatModel('scripted'),
    instructions: 'You work for a person. Call tools until the task is done, then say so.', prompt: task.text, stopWhen: isStepCount(20),
    tools: Object.fromEntries(definitions.map(({ name, description, inputSchema }) => [name, tool({ description, inputSchema: jsonSchema({ ...inputSchema }), execute: (input: unknown) => JSON.stringify(world.call(name, input as JsonObject)) })])),
  });
  return { tokens, turns, effects: world.effects };
}
