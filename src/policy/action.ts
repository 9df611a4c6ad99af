import { isAbsolute, relative, sep } from 'node:path';

/**
 * One side effect, final and resolved, as it is about to happen: a real path after symlinks, a host after URL parsing,
 * a parsed argv. The gate decides on this and on nothing looser.
 */
export type Action =
  | { readonly kind: 'fs.read'; /** absolute, symlinks resolved */ readonly path: string }
  | { readonly kind: 'fs.write'; readonly path: string }
  | { readonly kind: 'net'; readonly scheme: string; readonly host: string; readonly port: number }
  | { readonly kind: 'browser' }
  | { readonly kind: 'mcp'; readonly server: string; readonly tool: string }
  | { readonly kind: 'exec'; readonly argv: readonly string[]; readonly cwd: string }
  | { readonly kind: 'model'; readonly model: string }
  | { readonly kind: 'secret'; readonly name: string }
  | { readonly kind: 'clock' }
  | { readonly kind: 'random' };

export const capabilityKinds = ['fs.read', 'fs.write', 'net', 'browser', 'mcp', 'exec', 'model', 'secret', 'clock', 'random'] as const;
export type CapabilityKind = (typeof capabilityKinds)[number];

export function defaultPort(scheme: string): number {
  switch (scheme) {
    case 'https':
    case 'wss':
      return 443;
    case 'http':
    case 'ws':
      return 80;
    default:
      return 0;
  }
}

/** The action of reaching a URL. Only schemes with a host are network actions; others have host `''` and match no grant. */
export function netAction(url: URL): Extract<Action, { kind: 'net' }> {
  const scheme = url.protocol.slice(0, -1).toLowerCase();
  const host = url.hostname.toLowerCase().replace(/\.$/, '').replace(/^\[(.*)\]$/, '$1');
  return { kind: 'net', scheme, host, port: url.port === '' ? defaultPort(scheme) : Number(url.port) };
}

/** The grant that would allow exactly this action, as one writes it into a chain: paths inside `workspace` are relative to it, so that it holds on other machines too. */
export function grantFor(action: Action, workspace: string): string {
  if (action.kind !== 'fs.read' && action.kind !== 'fs.write') return describeAction(action);
  const path = relative(workspace, action.path);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? describeAction(action) : `${action.kind} ${path.replaceAll(sep, '/')}`;
}

/** As a person reads it, with nothing left out. */
export function describeAction(action: Action): string {
  switch (action.kind) {
    case 'fs.read':
    case 'fs.write':
      return `${action.kind} ${action.path}`;
    case 'net': {
      const host = action.host.includes(':') ? `[${action.host}]` : action.host;
      const port = action.port === defaultPort(action.scheme) ? '' : `:${action.port}`;
      return `net ${action.scheme}://${host}${port}`;
    }
    case 'mcp':
      return `mcp ${action.server}:${action.tool}`;
    case 'exec':
      return `exec ${action.argv.map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : JSON.stringify(arg))).join(' ')}`;
    case 'model':
      return `model ${action.model}`;
    case 'secret':
      return `secret ${action.name}`;
    case 'browser':
    case 'clock':
    case 'random':
      return action.kind;
  }
}
