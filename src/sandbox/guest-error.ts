import type { LimitName } from './limits.ts';
import type { GuestError } from './protocol.ts';

/** Reads what the boot code wrote about an error. It passed through the guest, so nothing is taken for granted. */
export function parseGuestError(json: string): GuestError {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  const fields: { readonly name?: unknown; readonly message?: unknown; readonly stack?: unknown; readonly call?: unknown } = typeof value === 'object' && value !== null ? value : {};
  const { name, message, stack, call } = fields;
  return {
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : '',
    stack: typeof stack === 'string' ? stack : '',
    ...(typeof call === 'number' ? { call } : {}),
  };
}

/**
 * The limit that an uncaught error stands for, in the engines' own words. A program that writes the same words only fools its author.
 * An engine that has no memory left for an error throws null instead, or what it cannot name itself; `exhausted` tells that one from a program's own.
 */
export function limitOfError({ name, message }: GuestError, exhausted: boolean): LimitName | undefined {
  if (name === 'InternalError' && message === 'out of memory') return 'memoryBytes';
  if (exhausted && (message === 'null' || message === '[unsupported type]')) return 'memoryBytes';
  const deep = message === 'stack overflow' || message === 'Maximum call stack size exceeded';
  return deep && ['InternalError', 'RangeError', 'SyntaxError'].includes(name) ? 'stackBytes' : undefined;
}
