import type { CallToolResult, ReadResourceResult } from '@modelcontextprotocol/client';
import type { Json } from '../../shared/json.ts';

/** What a tool gave as a view is told it: structured where it is, as text in any case. Bytes stay in the store. */
export function resultForView(value: Json): CallToolResult {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const texts = Array.isArray(value) ? value.flatMap((block) => (isText(block) ? [block.text] : [])) : [];
  const content = (texts.length > 0 ? texts : [typeof value === 'string' ? value : JSON.stringify(value)]).map((text) => ({ type: 'text' as const, text }));
  return { content, ...(isObject ? { structuredContent: value as Record<string, unknown> } : {}) };
}

/** A resource as a view is told it: its text. */
export function resourceForView(uri: string, value: Json): ReadResourceResult {
  return { contents: [{ uri, text: textOf(value) }] };
}

/** The text of a resource as the tool `resources.read` gives it. */
export function textOf(value: Json): string {
  if (typeof value === 'string') return value;
  const parts = Array.isArray(value) ? value : [value];
  return parts.flatMap((part) => (isText(part) ? [part.text] : [])).join('');
}

function isText(value: unknown): value is { readonly text: string } {
  return typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string';
}
