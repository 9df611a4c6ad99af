import { isIP } from 'node:net';
import { defaultPort, normalHost, type Action } from './action.ts';
import { invalidGrant } from './invalid-grant.ts';

export interface NetPattern {
  readonly kind: 'net';
  readonly scheme: string;
  readonly host: string;
  /** The host stands for every name below it, not for itself. */
  readonly subdomains: boolean;
  /** `undefined` is any. */
  readonly port: number | undefined;
}

const schemes: ReadonlySet<string> = new Set(['http', 'https', 'ws', 'wss']);
const written = /^([a-z][a-z0-9+.-]*):\/\/(\*\.)?([^\s/\\:[\]*@?#%]+|\[[0-9a-f:.]+\])(?::(\d{1,5}|\*))?\/?$/i;

/** `scheme://host[:port]`, where the host may begin with `*.` and the port may be `*`. No path: what a connection is for cannot be told apart by it. */
export function parseNetPattern(pattern: string, text: string): NetPattern {
  const parts = written.exec(pattern);
  const scheme = parts?.[1]?.toLowerCase() ?? '';
  const port = parts?.[4] === '*' ? undefined : parts?.[4] === undefined ? defaultPort(scheme) : Number(parts[4]);
  // URL parsing turns IDN, letter case and odd IPv4 spellings into the one form in which actions arrive.
  const location = `http://${parts?.[3] ?? ''}`;
  if (!parts || !schemes.has(scheme) || (port ?? 1) > 65_535 || port === 0 || !URL.canParse(location)) {
    throw invalidGrant(`"${text}" is not a network grant.`, 'Write "net https://host" or "net http://localhost:8080"; the port may be *, the host may begin with "*.".');
  }
  const host = normalHost(new URL(location).hostname);
  const subdomains = parts[2] !== undefined;
  if (subdomains && isIP(host) !== 0) throw invalidGrant(`"${text}" puts a * before an address.`, 'Addresses have no names below them: write each address.');
  return { kind: 'net', scheme, host, subdomains, port };
}

export function netMatches({ scheme, host, subdomains, port }: NetPattern, action: Action): boolean {
  return (
    action.kind === 'net' &&
    (action.scheme === scheme || action.scheme === websocketOf(scheme)) &&
    (subdomains ? isBelow(action.host, host) : action.host === host) &&
    (port === undefined || action.port === port)
  );
}

export function netCovers(outer: NetPattern, inner: NetPattern): boolean {
  if (inner.scheme !== outer.scheme && inner.scheme !== websocketOf(outer.scheme)) return false;
  if (outer.port !== undefined && outer.port !== inner.port) return false;
  if (!outer.subdomains) return !inner.subdomains && inner.host === outer.host;
  return isBelow(inner.host, outer.host) || (inner.subdomains && inner.host === outer.host);
}

function isBelow(host: string, domain: string): boolean {
  return host.length > domain.length + 1 && host.endsWith(domain) && host[host.length - domain.length - 1] === '.' && !host.startsWith('.');
}

/** A page's own web sockets go to the same origin: `https` covers `wss`, `http` covers `ws`. */
function websocketOf(scheme: string): string | undefined {
  return scheme === 'https' ? 'wss' : scheme === 'http' ? 'ws' : undefined;
}
