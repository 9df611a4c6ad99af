import { isAbsolute, relative, resolve, sep } from 'node:path';

/**
 * One side effect, final and resolved, as it is about to happen: a real path after symlinks, a host after URL parsing,
 * a parsed argv. The gate decides on this and on nothing looser.
 */
export type Action =
  | { readonly kind: 'fs.read'; /** absolute, symlinks resolved */ readonly path: string }
  | { readonly kind: 'fs.write'; readonly path: string }
  | { readonly kind: 'net'; readonly scheme: string; readonly host: string; readonly port: number }
  | { readonly kind: 'browser'; /** `ws://host:port` of one that runs elsewhere; absent for a throwaway one on this machine */ readonly endpoint?: string }
  | { readonly kind: 'mcp'; readonly server: string; readonly tool: string; /** Hashes of what stands behind the names, as far as it is known; see `mcp-identity.ts`. */ readonly pins?: { readonly server?: string; readonly tool?: string } }
  | { readonly kind: 'exec'; readonly argv: readonly string[]; readonly cwd: string }
  | { readonly kind: 'model'; readonly model: string }
  | { readonly kind: 'secret'; readonly name: string }
  | { readonly kind: 'clock' }
  | { readonly kind: 'random' }
  /** Code of an npm package of the workspace's node_modules becomes part of a program in the sandbox. */
  | { readonly kind: 'package'; readonly name: string }
  /** A loopback port at which one function of the workspace answers. */
  | { readonly kind: 'fn.serve' }
  /** A file of the workspace is run by Node, outside the sandbox. */
  | { readonly kind: 'node'; /** absolute, symlinks resolved */ readonly path: string };

export type NetAction = Extract<Action, { kind: 'net' }>;
export type McpAction = Extract<Action, { kind: 'mcp' }>;

export const capabilityKinds = ['fs.read', 'fs.write', 'net', 'browser', 'mcp', 'exec', 'model', 'secret', 'clock', 'random', 'package', 'fn.serve', 'node'] as const;
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
export function netAction(url: URL): NetAction {
  const scheme = url.protocol.slice(0, -1).toLowerCase();
  return { kind: 'net', scheme, host: normalHost(url.hostname), port: url.port === '' ? defaultPort(scheme) : Number(url.port) };
}

/** One spelling for each host of a parsed URL: no root dot, no brackets, and an IPv4 address as such even where IPv6 wraps it, because both reach the same machine. */
export function normalHost(hostname: string): string {
  const host = hostname.toLowerCase().replace(/\.$/, '').replace(/^\[(.*)\]$/, '$1');
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
  if (!mapped) return host;
  const [high, low] = [Number.parseInt(mapped[1]!, 16), Number.parseInt(mapped[2]!, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** With whom a network action is, as `host:port`; `undefined` for any other. */
export function hostOf(action: Action): string | undefined {
  return action.kind === 'net' ? `${action.host}:${action.port}` : undefined;
}

/** The grant that would allow exactly this action, as one writes it into a chain: paths inside `workspace` are relative to it, so that it holds on other machines too. */
export function grantFor(action: Action, workspace: string): string {
  switch (action.kind) {
    case 'fs.read':
    case 'fs.write':
    case 'node':
      return `${action.kind} ${inWorkspace(action.path, workspace) ?? action.path}`;
    case 'exec': {
      const [program = '', ...rest] = action.argv;
      if (!/[\\/]/.test(program) || isAbsolute(program)) return describeAction(action);
      const path = resolve(action.cwd, program);
      return describeAction({ ...action, argv: [`./${inWorkspace(path, workspace) ?? relative(workspace, path)}`, ...rest] });
    }
    default:
      return describeAction(action);
  }
}

function inWorkspace(path: string, workspace: string): string | undefined {
  const inside = relative(workspace, path);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? undefined : inside.replaceAll(sep, '/');
}

/** As a person reads it, with nothing left out: what cannot be seen, or turns the writing direction, is spelled out, so that a name cannot pose as another. */
export function describeAction(action: Action): string {
  return described(action).replace(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, (hidden) => `\\u{${hidden.codePointAt(0)!.toString(16)}}`);
}

function described(action: Action): string {
  switch (action.kind) {
    case 'fs.read':
    case 'fs.write':
    case 'node':
      return `${action.kind} ${action.path}`;
    case 'net': {
      const host = action.host.includes(':') ? `[${action.host}]` : action.host;
      const port = action.port === defaultPort(action.scheme) ? '' : `:${action.port}`;
      return `net ${action.scheme}://${host}${port}`;
    }
    case 'mcp':
      return `mcp ${action.server}:${action.tool}`;
    case 'exec':
      // Read as a grant, `A=b` in front would be a variable.
      return `exec ${action.argv.map((arg, i) => (/^[\w@%+:,./-]+$/.test(arg) || (i > 0 && /^[\w@%+=:,./-]+$/.test(arg)) ? arg : JSON.stringify(arg))).join(' ')}`;
    case 'model':
      return `model ${action.model}`;
    case 'secret':
    case 'package':
      return `${action.kind} ${action.name}`;
    case 'browser':
      return action.endpoint === undefined ? 'browser' : `browser ${action.endpoint}`;
    case 'clock':
    case 'random':
    case 'fn.serve':
      return action.kind;
  }
}
