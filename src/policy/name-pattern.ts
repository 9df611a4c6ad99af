import type { Action } from './action.ts';
import { invalidGrant } from './invalid-grant.ts';

/** Servers, tools, models and secrets by their exact names, letter case included: a name that merely looks alike is another one. */
export type NamePattern =
  | { readonly kind: 'mcp'; readonly server: string; /** `undefined` is any */ readonly tool: string | undefined }
  | { readonly kind: 'model'; readonly name: string | undefined }
  | { readonly kind: 'secret'; readonly name: string | undefined }
  | { readonly kind: 'package'; readonly name: string | undefined };

export function parseNamePattern(kind: NamePattern['kind'], pattern: string, text: string): NamePattern {
  // A name with a star in it would match nothing, and a rule that forbids would quietly forbid nothing. Tools may be called anything, even with a space inside.
  const name = (value: string): string | undefined => {
    if (value === '*') return undefined;
    if (value === '' || (kind === 'mcp' ? /^\s|\s$|\*/ : /[\s*]/).test(value)) throw invalidGrant(`"${text}" has a name with a star or a space in it.`, kind === 'mcp' ? 'Write "mcp server:tool", or "mcp server:*" for all its tools.' : `Write "${kind} NAME".`);
    return value;
  };
  if (kind !== 'mcp') return { kind, name: kind === 'model' && pattern === '' ? undefined : name(pattern) };
  const colon = pattern.indexOf(':');
  const server = colon < 1 ? undefined : name(pattern.slice(0, colon));
  if (server === undefined) throw invalidGrant(`"${text}" does not name a server and a tool.`, 'Write "mcp server:tool", or "mcp server:*" for all its tools.');
  // Only the first colon parts: names of servers hold none, names of tools may.
  return { kind, server, tool: name(pattern.slice(colon + 1)) };
}

export function nameMatches(pattern: NamePattern, action: Action): boolean {
  switch (pattern.kind) {
    case 'mcp':
      return action.kind === 'mcp' && action.server === pattern.server && (pattern.tool === undefined || action.tool === pattern.tool);
    case 'model':
      return action.kind === 'model' && (pattern.name === undefined || action.model === pattern.name);
    case 'secret':
      return action.kind === 'secret' && (pattern.name === undefined || action.name === pattern.name);
    case 'package':
      return action.kind === 'package' && (pattern.name === undefined || action.name === pattern.name);
  }
}

export function nameCovers(outer: NamePattern, inner: NamePattern): boolean {
  if (outer.kind === 'mcp') return inner.kind === 'mcp' && inner.server === outer.server && (outer.tool === undefined || outer.tool === inner.tool);
  return inner.kind === outer.kind && (outer.name === undefined || outer.name === inner.name);
}
