import type { JsonObject } from '../../src/shared/json.ts';

export interface TaskCost {
  /** Input and output of all turns. */
  readonly tokens: number;
  readonly turns: number;
  readonly effects: readonly JsonObject[];
}
