import { layered, describeAttempt } from '../models/layer.ts';
import type { Effort, ModelClient } from '../models/model-client.ts';
import { holdDifference } from '../models/money-limit.ts';
import type { ModelPricing } from '../models/prices.ts';
import { standardLayers, type StandardLayerOptions } from '../models/standard-layers.ts';
import { withEffort } from '../models/with-effort.ts';
import type { RunScope } from '../run/run-scope.ts';
import { fittingPictures } from './pictures/fitting-pictures.ts';

export interface TaskModels {
  readonly client: ModelClient;
  /** Asked in this order where the one before fails before it has said anything. */
  readonly fallback: readonly ModelClient[];
  readonly effort?: Effort | undefined;
  readonly pricing: ModelPricing;
  readonly layers?: Pick<StandardLayerOptions, 'timeouts' | 'retry'> | undefined;
}

/** The model of a task as its run asks it: with all layers, each attempt on record, and every model that takes over allowed by the gate first. */
export function taskModel(scope: RunScope, { client, fallback, effort, layers, pricing }: TaskModels): ModelClient {
  const gated = fallback.map(fittingPictures).map((next): ModelClient => ({
    info: next.info,
    async *stream(request, signal) {
      await scope.gate.check({ kind: 'model', model: next.info.id });
      using _more = holdDifference(scope, pricing, client.info, next.info, request);
      yield* next.stream(request, signal);
    },
  }));
  const all = standardLayers(client, { ...layers, fallback: gated, onAttempt: (attempt) => scope.log('warn', describeAttempt(attempt)) });
  return effort === undefined ? all : layered(all, withEffort(effort));
}
