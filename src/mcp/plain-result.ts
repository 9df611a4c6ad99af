import type { CallToolResult, TextContent } from '@modelcontextprotocol/client';

/** A complete result of a tool that is text and nothing else; `undefined` for whatever has more to it, is not finished or is no result. */
export function plainResult(value: unknown): CallToolResult | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  for (const name in fields) if (name !== 'content' && name !== 'isError' && name !== 'resultType' && name !== '_meta') return undefined;
  const { content, isError, resultType, _meta: meta } = fields;
  if (meta !== undefined && (typeof meta !== 'object' || meta === null || Array.isArray(meta))) return undefined;
  if ((resultType !== undefined && resultType !== 'complete') || (isError !== undefined && typeof isError !== 'boolean') || !Array.isArray(content) || !content.every(isText)) return undefined;
  return { content, ...(isError === undefined ? {} : { isError }), ...(meta === undefined ? {} : { _meta: meta as Record<string, unknown> }) };
}

function isText(block: unknown): block is TextContent {
  if (typeof block !== 'object' || block === null) return false;
  const { type, text } = block as Readonly<Record<string, unknown>>;
  return type === 'text' && typeof text === 'string' && Object.keys(block).length === 2;
}
