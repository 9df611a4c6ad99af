import type { Json, JsonObject } from '../../src/shared/json.ts';
import type { StreamAnswer } from '../../test/fixtures/models/answer.ts';
import { World } from './world.ts';

/** What the world answers to these calls. */
export function asked(calls: readonly (readonly [tool: string, args: JsonObject])[]): readonly Json[] {
  const world = new World();
  return calls.map(([tool, args]) => world.call(tool, args));
}

export function turn(calls: readonly (readonly [tool: string, args: JsonObject])[]): StreamAnswer {
  return { calls: calls.map(([name, args], i) => ({ id: `call_${name}_${i}`, name, arguments: args })) };
}

export const done = (): StreamAnswer => ({ text: ['Done.'] });

/** Names by how often they come, most often first, then by name; as lines of text. */
export function ranking(names: readonly string[], top: number): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, top).map(([name, count]) => `${name}: ${count}`).join('\n');
}

/** The same function as source text, for code that runs in the sandbox. */
export const rankingSource = `function ranking(names: string[], top: number): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, top).map(([name, count]) => name + ": " + count).join("\\n");
}`;

export const effect = (tool: string, args: JsonObject): JsonObject => ({ tool, args });
