import type { ParseError } from 'jsonc-parser';
import { AssassinError } from '../shared/errors.ts';

/** Data as a module: its value is the default export, as with the import of JSON in Node and bundlers. Throws `chain-syntax` with the place. */
export async function jsonModule(source: string, file: string): Promise<string> {
  try {
    JSON.parse(source);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AssassinError('chain-syntax', `${file} is not JSON: ${reason}.`, { hint: 'Correct the file; nothing was run.', location: { file, ...(await firstProblem(source)) }, cause });
  }
  return `export default JSON.parse(${JSON.stringify(source)});\n`;
}

/** The platform's own parser names no place that could be relied on. */
async function firstProblem(source: string): Promise<{ readonly line: number; readonly column: number }> {
  const { parse } = await import('jsonc-parser');
  const errors: ParseError[] = [];
  parse(source, errors, { disallowComments: true });
  const before = source.slice(0, errors[0]?.offset ?? 0).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
