import { conduct } from './rules-of-conduct.ts';
import type { Executor } from './executor.ts';

/** One answer in words, without tools. */
export const basic: Executor = {
  name: 'basic',
  // One, and room for an answer that is empty at first or goes on after its length limit.
  maxTurns: 5,
  prompt: `You answer a person's question about their workspace from what you are given. You have no tools.\n${conduct}`,
  tools: () => Promise.resolve([]),
};
