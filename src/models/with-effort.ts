import type { ModelLayer } from './layer.ts';
import type { Effort } from './model-client.ts';

/** Lets the model think as much as is wanted, where a request says nothing else. */
export function withEffort(effort: Effort): ModelLayer {
  return (client) => ({ info: client.info, stream: (request, signal) => client.stream({ effort, ...request }, signal) });
}
