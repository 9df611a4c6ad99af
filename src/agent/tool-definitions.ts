import type { ModelTool } from '../models/model-client.ts';
import type { JsonObject } from '../shared/json.ts';
import type { Tool } from '../tools/tool.ts';
import { schemaForModel } from './schema-for-model.ts';

/** By the schema, which the tools of every task share. */
const made = new WeakMap<JsonObject, ModelTool>();
let last: readonly ModelTool[] = [];

/**
 * Tools as a model is told of them. Those of one task are nearly always those of the one before: then it is the same list, and what was worked out for it once (its
 * text, its tokens, that it holds no secret) need not be worked out again.
 */
export function definitionsOf(tools: readonly Tool[]): readonly ModelTool[] {
  const all = tools.map(definitionOf);
  if (all.length !== last.length || all.some((each, index) => each !== last[index])) last = all;
  return last;
}

function definitionOf({ name, description, inputSchema }: Tool): ModelTool {
  const known = made.get(inputSchema);
  if (known !== undefined && known.name === name && known.description === description) return known;
  const definition = { name, description, inputSchema: schemaForModel(inputSchema) };
  made.set(inputSchema, definition);
  return definition;
}
