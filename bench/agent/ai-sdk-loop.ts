import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, isStepCount, jsonSchema, streamText, tool } from 'ai';
import { enoughTurns, readLines, task, type Loop, type LoopJob } from './loop-job.ts';

function options(job: LoopJob) {
  const { baseUrl, folder, instructions, tools } = job;
  return {
    model: createOpenAICompatible({ name: 'bench', baseURL: baseUrl, includeUsage: true }).chatModel('scripted'),
    instructions, prompt: task, stopWhen: isStepCount(enoughTurns(job)),
    tools: Object.fromEntries(tools.map(({ name, description, parameters }) => [name, tool({ description, inputSchema: jsonSchema({ ...parameters }), execute: (input: unknown) => readLines(folder, input) })])),
  };
}

export function generateTextLoop(job: LoopJob): Loop {
  const given = options(job);
  return { run: async () => (await generateText(given)).text };
}

export function streamTextLoop(job: LoopJob): Loop {
  const given = options(job);
  return { run: async () => streamText(given).text };
}
