import type { Json, StoredValue } from '../shared/json.ts';

/** A value of the journal as it was: what lies in a blob is read from there. Throws what `readBlob` throws. */
export async function wholeValue(value: StoredValue, readBlob: (hash: string) => Promise<Uint8Array>): Promise<Json> {
  return 'json' in value ? value.json : (JSON.parse(new TextDecoder().decode(await readBlob(value.blob))) as Json);
}
