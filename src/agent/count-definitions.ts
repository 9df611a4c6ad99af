import { setImmediate } from 'node:timers/promises';
import type { ModelTool } from '../models/model-client.ts';
import { estimateTokens } from '../models/usage.ts';
import type { RunScope } from '../run/run-scope.ts';
import type { JsonObject } from '../shared/json.ts';
import type { Tool } from '../tools/tool.ts';
import { schemaForModel } from './schema-for-model.ts';

/** Definitions that are counted before the host may do something else: of ten thousands of tools the texts are made only once, but that takes a while. */
const atOnce = 100;
/** By the schema, which stays the same object as long as its server says the same. */
const counted = new WeakMap<JsonObject, { readonly name: string; readonly description: string; readonly tokens: number }>();

export interface KnownTools {
  /** Those that could have been called in the run. */
  readonly known: readonly Tool[];
  /** Those of which its model was told. */
  readonly told: readonly ModelTool[];
}

/**
 * Puts on record what the definitions of all connected tools would have taken in each request, and what those took that were sent. A run that was cancelled is not held up for it, and
 * has no such record.
 */
export async function recordKnownTools(scope: RunScope, { known, told }: KnownTools): Promise<void> {
  let tokens = 0;
  let fresh = 0;
  for (const tool of known) {
    if (scope.signal.aborted) return;
    const before = counted.get(tool.inputSchema);
    if (before?.name === tool.name && before.description === tool.description) {
      tokens += before.tokens;
      continue;
    }
    tokens += count(tool);
    fresh += 1;
    if (fresh % atOnce === 0) await setImmediate();
  }
  scope.journal.append({ type: 'tools.known', tools: known.length, tokens, toldTools: told.length, toldTokens: estimateTokens(JSON.stringify(told)), how: 'four characters a token' });
}

function count({ name, description, inputSchema }: Tool): number {
  const tokens = estimateTokens(JSON.stringify({ name, description, inputSchema: schemaForModel(inputSchema) }));
  counted.set(inputSchema, { name, description, tokens });
  return tokens;
}
