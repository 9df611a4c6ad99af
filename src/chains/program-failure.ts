import * as z from 'zod';
import { AssassinError } from '../shared/errors.ts';
import type { SourcePositions } from './source-positions.ts';

const frames = z.array(z.object({ module: z.string(), line: z.number(), column: z.number(), function: z.string().optional() }));

/**
 * The error of a program in terms of its source. A host call that failed and that the program did not catch keeps its own code, such as `denied`,
 * and gets the place of the call; what the program itself threw stays `chain-failed`. The mapped frames are in `data.stack`.
 */
export function programFailure(error: unknown, positions: SourcePositions): unknown {
  if (!AssassinError.isInstance(error)) return error;
  const stack = frames.safeParse(error.data?.['stack']);
  if (!stack.success) return error;
  const { location, frames: mapped } = positions.mapStack(stack.data);
  const told = AssassinError.isInstance(error.cause) ? error.cause : error;
  const place = location ?? told.location;
  return new AssassinError(told.code, told.message, {
    cause: error,
    data: { ...told.data, stack: mapped },
    ...(told.hint === undefined ? {} : { hint: told.hint }),
    ...(place === undefined ? {} : { location: place }),
  });
}
