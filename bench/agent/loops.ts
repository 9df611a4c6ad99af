import type { Loop, LoopJob } from './loop-job.ts';

/** Each loads its own library only. */
export const loops = {
  ours: async (job) => (await import('./our-loop.ts')).ourLoop(job),
  'AI SDK generateText': async (job) => (await import('./ai-sdk-loop.ts')).generateTextLoop(job),
  'AI SDK streamText': async (job) => (await import('./ai-sdk-loop.ts')).streamTextLoop(job),
  '@openai/agents': async (job) => (await import('./openai-agents-loop.ts')).openAiAgentsLoop(job),
  'LangGraph.js': async (job) => (await import('./langgraph-loop.ts')).langGraphLoop(job),
} as const satisfies Readonly<Record<string, (job: LoopJob) => Promise<Loop>>>;

export type LoopName = keyof typeof loops;
