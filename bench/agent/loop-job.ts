import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JSONSchema7 } from 'ai';

export const task = 'Read data.txt, one line at a time, and say how many parts there are.';

export function fileText(turns: number): string {
  return `${Array.from({ length: turns }, (_, i) => `part ${i + 1} of the file: ${'lorem ipsum dolor sit amet '.repeat(6)}`).join('\n')}\n`;
}

/** No loop may stop before the model does. */
export function enoughTurns({ turns }: LoopJob): number {
  return turns * 3;
}

export function expected({ turns }: Pick<LoopJob, 'turns'>): string {
  return `${turns} parts were read.`;
}

export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly parameters: JSONSchema7;
}

/** What every loop is given: the same instructions, the same definitions, the same model. */
export interface LoopJob {
  readonly baseUrl: string;
  readonly folder: string;
  /** In which the model reads one line each; one more gives the answer. */
  readonly turns: number;
  readonly instructions: string;
  readonly tools: readonly ToolDefinition[];
}

export interface Loop {
  /** The model's last words. */
  readonly run: () => Promise<string>;
  readonly close?: () => Promise<void>;
}

/** The handler of the peers' `read_file`: what the product's own does, without asking anybody and without a record. */
export async function readLines(folder: string, input: unknown): Promise<string> {
  const { path, from = 1, to } = input as { readonly path: string; readonly from?: number; readonly to?: number };
  return (await readFile(join(folder, path), 'utf8')).split('\n').slice(from - 1, to).join('\n');
}
