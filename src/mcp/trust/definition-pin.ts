import { createHash } from 'node:crypto';
import { canonical } from '../../policy/mcp-identity.ts';
import type { McpPin } from '../../store/mcp-pins.ts';
import type { Definition } from '../admission.ts';

/** The whole definition as it came, as what is approved: the order of fields does not count, everything else does. */
export function pinOf(definition: Definition): McpPin {
  const text = definition.kind === 'instructions' ? definition.text : canonical(definition.raw);
  return { kind: definition.kind, name: definition.kind === 'instructions' ? '' : definition.name, hash: hashOf(text), definition: text };
}

/** False for a record that somebody or something has changed. */
export function isWhole(pin: McpPin): boolean {
  return pin.hash === hashOf(pin.definition);
}

/** A name that no two definitions share, whatever a server calls them. */
export function keyOf({ kind, name }: Pick<McpPin, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64url')}`;
}
