import { APICallError } from '@ai-sdk/provider';
import * as z from 'zod';
import { AssassinError } from '../shared/errors.ts';
import type { ModelInfo } from './model-client.ts';
import { modelError } from './model-errors.ts';

/** An error that came inside a stream, after the provider had already answered 200. */
const streamed = z.looseObject({ message: z.string(), code: z.union([z.string(), z.number()]).nullish(), type: z.string().nullish() });

/** Whatever a wire throws or streams as an error, made one of ours. */
export function wireError(error: unknown, { provider, model }: ModelInfo): AssassinError {
  const own = ownError(error);
  if (own) return own;
  const to = { provider, model, cause: error };
  if (APICallError.isInstance(error)) {
    const { statusCode, responseHeaders: headers, responseBody: body } = error;
    // The status of an answer that had begun well says nothing about how it ended.
    if (statusCode !== undefined && statusCode < 400) return brokenOff(error, { provider, model });
    return modelError({ ...to, status: statusCode, text: error.message, headers, body });
  }
  const inStream = z.safeParse(streamed, error);
  if (inStream.success && !(error instanceof Error)) {
    const { message, code, type } = inStream.data;
    return modelError({ ...to, status: statusOf(`${type ?? ''} ${code ?? ''}`, code), text: message });
  }
  return brokenOff(error, { provider, model });
}

function brokenOff(error: unknown, { provider, model }: Pick<ModelInfo, 'provider' | 'model'>): AssassinError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AssassinError('model-unavailable', `${provider} did not finish its answer of ${model}: ${reason.replace(/\s+/g, ' ').slice(0, 300)}`, { hint: 'Try again, or choose another model.', cause: error, data: { model } });
}

/** Our own transport throws typed errors; the wires may wrap them. */
function ownError(error: unknown): AssassinError | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 8; current = current.cause, depth++) {
    if (AssassinError.isInstance(current)) return current;
  }
  return undefined;
}

function statusOf(kind: string, code: unknown): number {
  const number = Number(code ?? Number.NaN);
  if (Number.isInteger(number) && number >= 400 && number < 600) return number;
  if (/rate.?limit|too.?many|resource_exhausted/i.test(kind)) return 429;
  if (/authentication|permission|unauthenticated|api.?key/i.test(kind)) return 401;
  if (/invalid.?request|invalid_argument|context.?length|not_found/i.test(kind)) return 400;
  return 500;
}
