import type { SparedDefinitions } from './dto.ts';

/** Tokens of definitions that were kept out of the requests of some runs. Negative where a run sent more than all connected tools have. */
export function definitionTokens(runs: readonly SparedDefinitions[]): number {
  return runs.reduce((sum, { tokens, toldTokens, requests }) => sum + (tokens - toldTokens) * requests, 0);
}
