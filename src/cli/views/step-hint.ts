import type { StoredValue } from '../../shared/json.ts';
import { oneLine } from '../text.ts';

/** What a step is about, from its input: the address, the path, the selector. Empty where nothing of the kind is there. */
export function stepHint(input: StoredValue | undefined): string {
  if (input === undefined || !('json' in input)) return '';
  const { json } = input;
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return '';
  for (const key of ['url', 'path', 'condition', 'selector', 'target'] as const) {
    const value = (json as Readonly<Record<string, unknown>>)[key];
    if (typeof value === 'string') return oneLine(value);
  }
  return '';
}
