/** What crosses every boundary of the product: the guest, the journal, MCP and the webview. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };
/** A JSON Schema 2020-12 document, kept as plain data. */
export type JsonSchema = JsonObject | boolean;

/** A value as the journal holds it: small ones inline, big ones as a content-addressed blob with a readable beginning. */
export type StoredValue =
  | { readonly json: Json }
  | { readonly blob: string; readonly bytes: number; readonly mediaType: string; readonly preview: string };

/** Inline up to 8 KiB of JSON: the panel pages through hundreds of events at once, and a page must stay well under a megabyte. */
export const inlineValueBytes = 8 * 1024;

/** Neither a list nor `null`. */
export const isObject = (value: Json | undefined): value is JsonObject => isRecord(value);

/** As `isObject`, of something that may be no JSON at all. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `undefined` for a text that is no JSON. */
export function parsedJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
