import type { Action, McpAction } from './action.ts';
import { invalidGrant } from './invalid-grant.ts';

/** Servers, tools, models, secrets and packages by their exact names, letter case included: a name that merely looks alike is another one. */
export type NamePattern =
  | McpPattern
  | { readonly kind: 'model'; readonly name: string | undefined }
  | { readonly kind: 'secret'; readonly name: string | undefined }
  | { readonly kind: 'package'; readonly name: string | undefined };

export interface McpPattern {
  readonly kind: 'mcp';
  readonly server: string;
  /** `undefined` is any */
  readonly tool: string | undefined;
  /** Only the server that is started, or reached, in exactly this way. */
  readonly serverPin?: string;
  /** Only the tool with exactly this definition. */
  readonly toolPin?: string;
}

const mcpHint = 'Write "mcp server:tool", or "mcp server:*" for all its tools.';

export function parseNamePattern(kind: NamePattern['kind'], pattern: string, text: string): NamePattern {
  // A name with a star in it would match nothing, and a rule that forbids would quietly forbid nothing. Tools may be called anything, even with a space inside.
  const name = (value: string): string | undefined => {
    if (value === '*') return undefined;
    if (value === '' || (kind === 'mcp' ? /^\s|\s$|\*/ : /[\s*]/).test(value)) throw invalidGrant(`"${text}" has a name with a star or a space in it.`, kind === 'mcp' ? mcpHint : `Write "${kind} NAME".`);
    return value;
  };
  if (kind !== 'mcp') return { kind, name: kind === 'model' && pattern === '' ? undefined : name(pattern) };
  const colon = pattern.indexOf(':');
  const [serverName, serverPin] = colon < 1 ? [''] : splitPin(pattern.slice(0, colon), text);
  const server = serverName === '' ? undefined : name(serverName);
  if (server === undefined) throw invalidGrant(`"${text}" does not name a server and a tool.`, mcpHint);
  // Only the first colon parts: names of servers hold none, names of tools may.
  const [toolName, toolPin] = splitPin(pattern.slice(colon + 1), text);
  const tool = name(toolName);
  if (tool === undefined && toolPin !== undefined) throw invalidGrant(`"${text}" pins the definition of all tools to one hash.`, 'Pin the server ("mcp server@sha256-...:*") or name the tool ("mcp server:tool@sha256-...").');
  return { kind, server, tool, ...(serverPin === undefined ? {} : { serverPin }), ...(toolPin === undefined ? {} : { toolPin }) };
}

/** `name@sha256-...` in its parts. */
export function splitPin(written: string, text: string): readonly [name: string, pin?: string] {
  const at = written.lastIndexOf('@sha256');
  if (at < 0) return [written];
  const pin = written.slice(at + 1);
  if (!/^sha256-[\w-]{43}$/.test(pin)) throw invalidGrant(`"${text}" holds "${pin}", which is not a whole hash.`, 'It is sha256- and 43 letters; "mcp list --json" and the journal tell it.');
  return [written.slice(0, at), pin];
}

export function nameMatches(pattern: NamePattern, action: Action): boolean {
  switch (pattern.kind) {
    case 'mcp':
      return mcpNamed(pattern, action) && pinHolds(pattern.serverPin, action.pins?.server) && pinHolds(pattern.toolPin, action.pins?.tool);
    case 'model':
      return action.kind === 'model' && (pattern.name === undefined || action.model === pattern.name);
    case 'secret':
      return action.kind === 'secret' && (pattern.name === undefined || action.name === pattern.name);
    case 'package':
      return action.kind === 'package' && (pattern.name === undefined || action.name === pattern.name);
  }
}

/** As a rule that denies or asks: what is not known yet may be what is pinned. */
export function nameForbids(pattern: NamePattern, action: Action): boolean {
  if (pattern.kind !== 'mcp') return nameMatches(pattern, action);
  const may = (pin: string | undefined, actual: string | undefined) => pin === undefined || actual === undefined || pin === actual;
  return mcpNamed(pattern, action) && may(pattern.serverPin, action.pins?.server) && may(pattern.toolPin, action.pins?.tool);
}

/** By name alone, whatever it is pinned to. */
export function mcpNamed(pattern: McpPattern, action: Action): action is McpAction {
  return action.kind === 'mcp' && action.server === pattern.server && (pattern.tool === undefined || action.tool === pattern.tool);
}

function pinHolds(pin: string | undefined, actual: string | undefined): boolean {
  return pin === undefined || pin === actual;
}

export function nameCovers(outer: NamePattern, inner: NamePattern): boolean {
  if (outer.kind !== 'mcp') return inner.kind === outer.kind && (outer.name === undefined || outer.name === inner.name);
  return (
    inner.kind === 'mcp' && inner.server === outer.server && (outer.tool === undefined || outer.tool === inner.tool) &&
    pinHolds(outer.serverPin, inner.serverPin) && pinHolds(outer.toolPin, inner.toolPin)
  );
}
