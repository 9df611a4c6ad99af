import * as z from 'zod';
import { AssassinError, type SourceLocation } from '../shared/errors.ts';
import { callSite } from './call-sites.ts';
import type { Compilation } from './compile.ts';
import { parseModule } from './strip-types.ts';

const frameList = z.array(z.object({ module: z.string(), line: z.number(), column: z.number(), function: z.string().optional() }));
type Frame = z.infer<typeof frameList>[number];

type Code = Pick<Compilation, 'modules' | 'positions'>;

/**
 * The error of a program in terms of its source. A host call that failed and that the program did not catch keeps its own code, such as `denied`,
 * and gets the place of the call; what the program itself threw stays `chain-failed`. The frames in the person's own files are in `data.stack`.
 */
export async function programFailure(error: unknown, code: Code): Promise<unknown> {
  if (!AssassinError.isInstance(error)) return error;
  const frames = frameList.safeParse(error.data?.['stack']);
  if (!frames.success) return error;
  const places = await placesOf(frames.data, code);
  const told = AssassinError.isInstance(error.cause) ? error.cause : withAdvice(error, frames.data);
  const location = places[0]?.location ?? told.location;
  return new AssassinError(told.code, told.message, {
    cause: error,
    data: { ...told.data, stack: places.map(({ name, location: { file, line, column } }) => `at ${name} (${file}:${line}:${column})`) },
    ...(told.hint === undefined ? {} : { hint: told.hint }),
    ...(location === undefined ? {} : { location }),
  });
}

/** What it says by itself helps nobody where the program threw something without a message and a place, or returned what cannot leave the sandbox. */
function withAdvice(error: AssassinError, frames: readonly Frame[]): Pick<AssassinError, 'code' | 'message' | 'hint' | 'data' | 'location'> {
  const { code, message, hint, data, location } = error;
  if (code !== 'chain-failed' || hint !== undefined) return error;
  if (message.startsWith('The result is not JSON: ')) return { code, message, data, location, hint: 'Return text, numbers, true, false, null, and lists and objects of these: a BigInt as String(value), and nothing that contains itself.' };
  if (frames.length > 0 || data?.['name'] !== 'Error') return error;
  const nothing = message === 'undefined' || message === 'null';
  return { code, message: nothing ? `The program threw ${message}, which says neither what went wrong nor where.` : message, data, location, hint: 'Throw an Error, as in throw new Error("what went wrong"): only an Error knows its place.' };
}

interface NamedPlace {
  readonly name: string;
  readonly location: SourceLocation;
}

/** Innermost first, without the frames of our own modules. */
async function placesOf(frames: readonly Frame[], { modules, positions }: Code): Promise<readonly NamedPlace[]> {
  const trees = new Map<string, ReturnType<typeof parseModule>>();
  const places: NamedPlace[] = [];
  for (const [i, frame] of frames.entries()) {
    const source = positions.has(frame.module) ? modules.get(frame.module) : undefined;
    if (source === undefined) continue;
    const tree = trees.get(frame.module) ?? parseModule(source);
    trees.set(frame.module, tree);
    const { line, column } = callSite(await tree, frame, i === 0);
    const location = positions.locate(frame.module, line, column);
    if (location) places.push({ name: frame.function ?? '<anonymous>', location });
  }
  return places;
}
