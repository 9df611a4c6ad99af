import type { StoredValue } from '../../src/shared/json.ts';

/** A small value as text. What these runs are given is never so large that it would lie beside the journal. */
export function fromStored(value: StoredValue): string {
  return 'json' in value ? JSON.stringify(value.json) : value.preview;
}
