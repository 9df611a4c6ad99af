import { isAbsolute, resolve, sep } from 'node:path';
import { AssassinError } from '../shared/errors.ts';
import { capabilityKinds, defaultPort, type Action, type CapabilityKind } from './action.ts';

/** A capability of a run: what it may do, as its author wrote it and as the gate matches it. */
export interface Grant {
  /** As written, for example `fs.write reports/**`. */
  readonly text: string;
  readonly kind: CapabilityKind;
  readonly matches: (action: Action) => boolean;
  /** Of a path grant: the absolute file or folder that it names, without stars. */
  readonly root?: string;
}

const withResource: ReadonlySet<CapabilityKind> = new Set(['fs.read', 'fs.write', 'net', 'mcp', 'exec', 'secret']);

/**
 * Reads `kind` or `kind pattern`. Paths are relative to `workspace` and may end in `*` (names in one folder) or `**` (any depth);
 * hosts are `scheme://host[:port]`, where host may be `*.example.com` (subdomains, not the domain itself) and port may be `*`;
 * MCP patterns are `server:tool` or `server:*`; `exec` is the exact beginning of an argv.
 */
export function parseGrant(text: string, workspace: string): Grant {
  const trimmed = text.trim();
  const space = trimmed.search(/\s/);
  const kind = (space < 0 ? trimmed : trimmed.slice(0, space)) as CapabilityKind;
  const pattern = space < 0 ? '' : trimmed.slice(space).trim();
  if (!capabilityKinds.includes(kind)) {
    throw new AssassinError('invalid-grant', `"${text}" is not a grant: there is no capability "${kind}".`, {
      hint: `Use one of ${capabilityKinds.join(', ')}, for example "net https://shop.example".`,
    });
  }
  if (withResource.has(kind) && pattern === '') {
    throw new AssassinError('invalid-grant', `The grant "${kind}" needs a resource.`, { hint: `Write for example "${exampleOf(kind)}".` });
  }
  if (!withResource.has(kind) && kind !== 'model' && pattern !== '') {
    throw new AssassinError('invalid-grant', `The grant "${kind}" takes no resource, but "${pattern}" was given.`, { hint: `Write just "${kind}".` });
  }
  if (kind === 'fs.read' || kind === 'fs.write') {
    const { root, matchesPath } = pathPattern(pattern, workspace, text);
    return { text: trimmed, kind, root, matches: (action) => action.kind === kind && matchesPath(action.path) };
  }
  return { text: trimmed, kind, matches: matcher(kind, pattern, text) };
}

function exampleOf(kind: CapabilityKind): string {
  const examples: Partial<Record<CapabilityKind, string>> = {
    'fs.read': 'fs.read src/**', 'fs.write': 'fs.write reports/**', net: 'net https://shop.example', mcp: 'mcp github:*', exec: 'exec npm test', secret: 'secret API_KEY',
  };
  return examples[kind] ?? kind;
}

function matcher(kind: Exclude<CapabilityKind, 'fs.read' | 'fs.write'>, pattern: string, text: string): Grant['matches'] {
  switch (kind) {
    case 'net':
      return netPattern(pattern, text);
    case 'mcp': {
      const colon = pattern.indexOf(':');
      if (colon < 1) throw new AssassinError('invalid-grant', `"${text}" does not name a server and a tool.`, { hint: 'Write "mcp server:tool", or "mcp server:*" for all its tools.' });
      const server = pattern.slice(0, colon);
      const tool = pattern.slice(colon + 1);
      return (action) => action.kind === 'mcp' && action.server === server && (tool === '*' || action.tool === tool);
    }
    case 'exec': {
      const prefix = pattern.split(/\s+/);
      return (action) => action.kind === 'exec' && prefix.every((word, i) => action.argv[i] === word);
    }
    case 'secret':
      return (action) => action.kind === 'secret' && action.name === pattern;
    case 'model':
      return (action) => action.kind === 'model' && (pattern === '' || pattern === '*' || action.model === pattern);
    case 'browser':
    case 'clock':
    case 'random':
      return (action) => action.kind === kind;
  }
}

function pathPattern(pattern: string, workspace: string, text: string): { readonly root: string; readonly matchesPath: (path: string) => boolean } {
  const depth = /(^|[\\/])\*\*$/.test(pattern) ? 'any' : /(^|[\\/])\*$/.test(pattern) ? 'one' : 'exact';
  // The separator before the stars goes too, unless it is the root of the file system.
  const base = pattern.replace(/^([a-z]:)?[\\/]\*{1,2}$/i, '$1/').replace(/(^|[\\/])\*{1,2}$/, '');
  if (base.includes('*')) {
    throw new AssassinError('invalid-grant', `"${text}" has a * in the middle of a path.`, { hint: 'Put * or ** at the end, as in "fs.read src/**".' });
  }
  const root = isAbsolute(base) ? resolve(base) : resolve(workspace, base);
  const below = root.endsWith(sep) ? root : root + sep;
  switch (depth) {
    case 'any':
      return { root, matchesPath: (path) => path === root || path.startsWith(below) };
    case 'one':
      return { root, matchesPath: (path) => path.startsWith(below) && !path.slice(below.length).includes(sep) };
    case 'exact':
      return { root, matchesPath: (path) => path === root };
  }
}

function netPattern(pattern: string, text: string): Grant['matches'] {
  const parts = /^([a-z][a-z0-9+.-]*):\/\/(\*\.)?([^/:[\]*]+|\[[0-9a-f:.]+\])(?::(\d+|\*))?\/?$/i.exec(pattern);
  if (!parts) {
    throw new AssassinError('invalid-grant', `"${text}" is not a network grant.`, { hint: 'Write "net https://host" or "net http://localhost:8080"; a port may be *, a host may begin with "*.".' });
  }
  const scheme = parts[1]!.toLowerCase();
  const wildcard = parts[2] !== undefined;
  // URL parsing turns IDN, letter case and odd IPv4 spellings into the one form in which actions arrive.
  const host = new URL(`http://${parts[3]!}`).hostname.replace(/\.$/, '').replace(/^\[(.*)\]$/, '$1');
  const port = parts[4] === '*' ? undefined : parts[4] === undefined ? defaultPort(scheme) : Number(parts[4]);
  return (action) =>
    action.kind === 'net' &&
    (action.scheme === scheme || websocketOf(scheme) === action.scheme) &&
    (wildcard ? action.host.endsWith(`.${host}`) : action.host === host) &&
    (port === undefined || action.port === port);
}

/** A page's own web sockets go to the same origin: `https` covers `wss`, `http` covers `ws`. */
function websocketOf(scheme: string): string | undefined {
  return scheme === 'https' ? 'wss' : scheme === 'http' ? 'ws' : undefined;
}

export function parseGrants(texts: readonly string[], workspace: string): readonly Grant[] {
  return texts.map((text) => parseGrant(text, workspace));
}
