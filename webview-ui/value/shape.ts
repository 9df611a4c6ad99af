import { isObject, type Json, type JsonObject, type StoredValue } from '../../src/shared/json.ts';

export const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);
export const isScalar = (value: Json): value is string | number | boolean | null => typeof value !== 'object' || value === null;

/** Data that crossed the wire is JSON already; a table would be wrong for anything else. */
export function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** Rows of a table: an array of objects and nothing else. */
export function asRows(value: Json): readonly JsonObject[] | undefined {
  return isArray(value) && value.length > 0 && value.every(isObject) ? value : undefined;
}

/** A list that reads well as one: nothing inside has an inside. */
export function asList(value: Json): readonly (string | number | boolean | null)[] | undefined {
  return isArray(value) && value.length > 0 && value.length <= 100 && value.every(isScalar) ? value : undefined;
}

export type BlobHandle = Extract<StoredValue, { readonly blob: string }>;

/** The handle that tools give back for what is too big or not text, such as a screenshot. */
export function asBlob(value: Json): BlobHandle | undefined {
  if (!isObject(value)) return undefined;
  const { blob, bytes, mediaType, preview } = value;
  if (typeof blob !== 'string' || !/^[0-9a-f]{64}$/.test(blob) || typeof bytes !== 'number' || typeof mediaType !== 'string') return undefined;
  return { blob, bytes, mediaType, preview: typeof preview === 'string' ? preview : '' };
}

export function scalarText(value: string | number | boolean | null): string {
  return typeof value === 'string' ? value : String(value);
}

/** One line for a cell; nested values as compact JSON. */
export function cellText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return isScalar(value) ? scalarText(value) : JSON.stringify(value);
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Numbers by size, everything else as a person would sort it; empty cells last. */
export function compareCells(a: Json | undefined, b: Json | undefined): number {
  const emptyA = a === undefined || a === null || a === '';
  const emptyB = b === undefined || b === null || b === '';
  if (emptyA || emptyB) return Number(emptyA) - Number(emptyB);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(cellText(a).slice(0, 500), cellText(b).slice(0, 500));
}
