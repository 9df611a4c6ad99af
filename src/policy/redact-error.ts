import type { Redactor } from './redact.ts';

/** Causes of causes beyond this are not looked at: an error may be its own cause. */
const maxDepth = 10;

/**
 * Takes secrets out of an error where it is: message, stack, causes and what else it says of itself. For errors that somebody else is about to write down. Never throws:
 * whoever handles a failure must not fail of it.
 */
export function redactError(error: unknown, redactor: Pick<Redactor, 'redact' | 'redactJson'>, depth = 0): void {
  if (!(error instanceof Error) || depth > maxDepth) return;
  for (const name of new Set(['message', 'stack', ...Object.getOwnPropertyNames(error)])) {
    try {
      const value: unknown = Reflect.get(error, name);
      if (value instanceof Error) redactError(value, redactor, depth + 1);
      else if (Array.isArray(value) && value.some((item) => item instanceof Error)) for (const item of value) redactError(item, redactor, depth + 1);
      else if (typeof value === 'string' || isPlain(value)) replace(error, name, typeof value === 'string' ? redactor.redact(value) : redactor.redactJson(value));
    } catch {
      // A property that throws when it is looked at shows nothing to anybody else either.
    }
  }
}

function replace(error: Error, name: string, clean: unknown): void {
  if (Reflect.get(error, name) === clean) return;
  const { enumerable = false } = Object.getOwnPropertyDescriptor(error, name) ?? {};
  Object.defineProperty(error, name, { value: clean, enumerable, configurable: true, writable: true });
}

function isPlain(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null);
}
