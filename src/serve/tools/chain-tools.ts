import { createHash } from 'node:crypto';
import { isBroken, type BrokenChain, type ChainFile } from '../../chains/chain-file.ts';
import type { Json, JsonObject, JsonSchema } from '../../shared/json.ts';
import type { ServedTool } from '../served-tool.ts';

/** Longest name that every client takes, its own prefix not counted. */
const maxName = 60;

/** Each chain that is in order as a tool; the order of the list. */
export function chainTools(chains: readonly (ChainFile | BrokenChain)[]): readonly ServedTool[] {
  const names = new Set<string>();
  return chains.flatMap((chain) => {
    if (isBroken(chain)) return [];
    const name = uniqueName(chain, names);
    names.add(name);
    return [chainTool(chain, name)];
  });
}

function chainTool({ path, title, description, meta }: ChainFile, name: string): ServedTool {
  const direct = isObjectSchema(meta.input);
  return {
    name,
    title,
    description: [description || `The chain ${title}.`, `A saved chain of this workspace (${path}).`, meta.grants.length === 0 ? 'It only computes.' : `It is granted: ${meta.grants.join(', ')}.`].join(' ').slice(0, 2000),
    inputSchema: direct ? meta.input : { type: 'object', ...(meta.input === undefined ? {} : { properties: { input: meta.input }, required: ['input'] }) },
    ...(isObjectSchema(meta.output) ? { outputSchema: meta.output } : {}),
    effects: { readOnly: meta.grants.every((grant) => !/^(fs\.write|exec|mcp)\b/.test(grant)), openWorld: meta.grants.length > 0 },
    start: (runtime, input, options) => runtime.startChain(path, direct || meta.input === undefined ? input : (input['input'] ?? null), options),
  };
}

/** The hash tells apart what only differs in characters that a name may not have. */
function uniqueName({ name, path }: ChainFile, taken: ReadonlySet<string>): string {
  const plain = `chain_${name.replace(/[^A-Za-z0-9_-]+/g, '_')}`;
  if (plain.length <= maxName && !taken.has(plain)) return plain;
  return `${plain.slice(0, maxName - 9)}_${createHash('sha256').update(path).digest('hex').slice(0, 8)}`;
}

function isObjectSchema(schema: JsonSchema | undefined): schema is JsonObject {
  return typeof schema === 'object' && (schema as { readonly [key: string]: Json })['type'] === 'object';
}
