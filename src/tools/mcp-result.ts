import type { CallToolResult, ContentBlock, ReadResourceResult } from '@modelcontextprotocol/client';
import type { Journal } from '../run/journal.ts';
import { AssassinError } from '../shared/errors.ts';
import type { Json, JsonObject } from '../shared/json.ts';

/**
 * What a guest gets of a result: its structured content where it has one, the text where it is one text, else its blocks.
 * Text is handed over as text, never parsed: what looks like JSON may be a stranger's. Bytes go to the journal and come back as a handle.
 */
export function resultOf(name: string, result: CallToolResult, journal: Pick<Journal, 'bytes'>): Json {
  if (result.isError === true) throw toolFailed(name, result);
  // Parsed from JSON by the transport; the library merely types it wider.
  if (result.structuredContent !== undefined) return result.structuredContent as Json;
  const blocks = result.content.map((block) => blockOf(block, journal));
  const [only] = blocks;
  if (blocks.length === 1 && only?.['type'] === 'text') return only['text'] ?? '';
  return blocks;
}

function toolFailed(name: string, result: CallToolResult): AssassinError {
  const text = result.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n').trim();
  const short = text.length > 2000 ? `${text.slice(0, 2000)}...` : text;
  return new AssassinError('mcp-tool-failed', short === '' ? `${name} failed and did not say why.` : `${name} failed: ${short}`, { hint: 'The message is the tool\'s own.', data: { tool: name } });
}

export function blockOf(block: ContentBlock, journal: Pick<Journal, 'bytes'>): JsonObject {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: block.text };
    case 'image':
    case 'audio':
      return { type: block.type, ...bytesOf(block.data, block.mimeType, journal) };
    case 'resource_link':
      // A link is not followed: fetching it is an action of its own, with a grant of its own.
      return { type: 'resource_link', uri: block.uri, name: block.name, ...(block.mimeType === undefined ? {} : { mimeType: block.mimeType }), ...(block.description === undefined ? {} : { description: block.description }) };
    case 'resource':
      return contentsOf(block.resource, journal);
  }
}

/** One part of a resource: its text, or a handle of its bytes. */
export function contentsOf(resource: ReadResourceResult['contents'][number], journal: Pick<Journal, 'bytes'>): JsonObject {
  const head = { type: 'resource', uri: resource.uri };
  return 'blob' in resource ? { ...head, ...bytesOf(resource.blob, resource.mimeType ?? 'application/octet-stream', journal) } : { ...head, ...(resource.mimeType === undefined ? {} : { mimeType: resource.mimeType }), text: resource.text };
}

function bytesOf(base64: string, mimeType: string, journal: Pick<Journal, 'bytes'>): JsonObject {
  const { blob, bytes } = journal.bytes(Buffer.from(base64, 'base64'), mimeType);
  return { mimeType, blob, bytes };
}
