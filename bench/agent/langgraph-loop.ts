import { tool } from '@langchain/core/tools';
import { createReactAgent } from '@langchain/langgraph/prebuilt';
import { ChatOpenAI } from '@langchain/openai';
import { enoughTurns, readLines, task, type Loop, type LoopJob } from './loop-job.ts';

export function langGraphLoop(job: LoopJob): Loop {
  const { baseUrl, folder, instructions, tools } = job;
  const agent = createReactAgent({
    llm: new ChatOpenAI({ model: 'scripted', apiKey: 'none', configuration: { baseURL: baseUrl } }),
    prompt: instructions,
    tools: tools.map(({ name, description, parameters }) => tool((input) => readLines(folder, input), { name, description, schema: { ...parameters } })),
  });
  return {
    run: async () => {
      // Each turn is two nodes of its graph.
      const { messages } = await agent.invoke({ messages: [{ role: 'user', content: task }] }, { recursionLimit: enoughTurns(job) * 2 });
      return String(messages.at(-1)?.content);
    },
  };
}
