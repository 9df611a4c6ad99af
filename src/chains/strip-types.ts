import type { Program } from 'acorn';
import { AssassinError, type SourceLocation } from '../shared/errors.ts';
import { ModulePositions, type SourceMap } from './source-positions.ts';

/** One module without its types. Lines are those of the source; columns are mapped back by `positions`. */
export interface StrippedModule {
  readonly code: string;
  readonly tree: Program;
  readonly positions: ModulePositions;
}

/**
 * Turns TypeScript into JavaScript (JavaScript stays as it is) and parses it as an ES module.
 * Throws `chain-syntax` with the place in the source. Types are removed, not checked.
 */
export async function stripTypes(source: string, file: string): Promise<StrippedModule> {
  const stripped = /\.m?ts$/.test(file) ? await strip(source, file) : { code: source };
  const positions = await ModulePositions.of(file, stripped.map);
  return { code: stripped.code, tree: await parsed(stripped.code, positions), positions };
}

async function strip(source: string, file: string): Promise<{ readonly code: string; readonly map?: SourceMap }> {
  const { transform } = await import('sucrase');
  try {
    const { code, sourceMap } = transform(source, { transforms: ['typescript'], disableESTransforms: true, filePath: file, sourceMapOptions: { compiledFilename: file } });
    return { code, ...(sourceMap === undefined ? {} : { map: sourceMap }) };
  } catch (error) {
    throw await explained(error, source, file);
  }
}

/**
 * The fast parser gives up a function at its arrow where the mistake is somewhere inside it. A slower one, loaded only now, knows the place.
 * It counts columns from 0, the fast one from 1.
 */
async function explained(error: unknown, source: string, file: string): Promise<AssassinError> {
  const { parse } = await import('@babel/parser');
  try {
    parse(source, { sourceType: 'module', plugins: ['typescript', 'decorators'] });
  } catch (better) {
    const { line, column } = placeOf(better);
    if (line !== undefined && column !== undefined) return syntaxError(better, { file, line, column: column + 1 });
  }
  const { line = 1, column = 1 } = placeOf(error);
  return syntaxError(error, { file, line, column });
}

/** Throws the parser's own error. */
export async function parseModule(code: string): Promise<Program> {
  const acorn = await import('acorn');
  return acorn.parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true, allowHashBang: true });
}

async function parsed(code: string, positions: ModulePositions): Promise<Program> {
  try {
    return await parseModule(code);
  } catch (error) {
    const { line = 1, column = 0 } = placeOf(error);
    throw syntaxError(error, positions.locate(line, column + 1));
  }
}

/** All three parsers put the place into `loc`. */
function placeOf(error: unknown): { readonly line?: number; readonly column?: number } {
  return error instanceof Error && 'loc' in error && typeof error.loc === 'object' && error.loc !== null ? error.loc : {};
}

function syntaxError(error: unknown, location: SourceLocation): AssassinError {
  // A parser that recurses for every bracket runs out of stack on absurdly nested source.
  if (error instanceof RangeError) return new AssassinError('chain-syntax', 'The source is nested too deeply.', { hint: 'Split the expression.', location, cause: error });
  const raw = error instanceof Error ? error.message : String(error);
  const message = raw.replace(/^Error transforming .*?: (?=\S)/s, '').replace(/\.?\s*\(\d+:\d+\)$/, '');
  return new AssassinError('chain-syntax', `Syntax error: ${message.charAt(0).toLowerCase()}${message.slice(1)}.`, { hint: 'Correct the source; nothing of it was run.', location, cause: error });
}
