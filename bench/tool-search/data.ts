import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { JsonObject } from '../../src/shared/json.ts';
import type { IndexedTool } from '../../src/tools/search/tool-text.ts';

/** Beside the repository: real catalogues are too large to be kept in it. */
const folder = new URL('../../../shared/data/', import.meta.url);

export interface BenchTool extends IndexedTool {
  readonly key: string;
  readonly set: string;
}

export interface Question {
  readonly set: string;
  readonly query: string;
  readonly gold: readonly string[];
  /** What an agent would plan; where there are any, one search is made for each. */
  readonly steps?: readonly string[];
}

interface Line {
  readonly set?: string;
  readonly key?: string;
  readonly server: string;
  readonly name: string;
  readonly description: string | null;
  readonly inputSchema: JsonObject | null;
}

/** `undefined` where the data are not there. */
export function loadData(): { readonly catalogue: readonly BenchTool[]; readonly tools: readonly BenchTool[]; readonly questions: readonly Question[] } | undefined {
  if (!existsSync(folder)) return undefined;
  return {
    catalogue: lines<Line>('mcp-tools.jsonl.gz').map(toTool),
    tools: lines<Line>('tool-retrieval-tools.jsonl.gz').map(toTool),
    questions: lines<Question>('tool-retrieval-queries.jsonl.gz'),
  };
}

function toTool({ set = '', key = '', server, name, description, inputSchema }: Line): BenchTool {
  const safe = server.replace(/[^A-Za-z0-9_-]/g, '_');
  return { set, key, name: safe === '' ? name : `mcp.${safe}.${name}`, title: name, description: description ?? '', inputSchema: inputSchema ?? { type: 'object' } };
}

function lines<T>(file: string): readonly T[] {
  return gunzipSync(readFileSync(new URL(file, folder))).toString('utf8').trim().split('\n').map((line) => JSON.parse(line) as T);
}
