import { Agent, OpenAIProvider, run, setTracingDisabled, tool } from '@openai/agents';
import { enoughTurns, readLines, task, type Loop, type LoopJob } from './loop-job.ts';

export async function openAiAgentsLoop(job: LoopJob): Promise<Loop> {
  const { baseUrl, folder, instructions, tools } = job;
  // Its traces would go to a service.
  setTracingDisabled(true);
  const model = await new OpenAIProvider({ baseURL: baseUrl, apiKey: 'none', useResponses: false }).getModel('scripted');
  const agent = new Agent({
    name: 'bench', instructions, model,
    tools: tools.map(({ name, description, parameters: { properties, required = [] } }) => tool({
      name, description, strict: false, execute: (input) => readLines(folder, input),
      // Its type wants the same object in the words of its own schema type.
      parameters: { type: 'object', properties: properties as Record<string, never>, required: [...required], additionalProperties: true },
    })),
  });
  return { run: async () => String((await run(agent, task, { maxTurns: enoughTurns(job) })).finalOutput) };
}
