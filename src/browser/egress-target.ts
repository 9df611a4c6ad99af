import { netAction, type NetAction } from '../policy/action.ts';
import type { Gate } from '../policy/gate.ts';
import { AssassinError } from '../shared/errors.ts';

type Allows = Pick<Gate, 'allows'>;

/** The URL of a request in absolute form (`GET http://host/path`), as every client sends it to a proxy. */
export function parsePlain(target: string): URL | undefined {
  const url = URL.canParse(target) ? new URL(target) : undefined;
  return url?.protocol === 'http:' && url.username === '' && url.password === '' ? url : undefined;
}

/**
 * What a tunnel (`CONNECT host:port`) is for cannot be seen from outside. On port 443 it is taken as https. On any other port it may be
 * TLS or a web socket in the clear, so it is allowed where the run may reach that host and port by https or by http.
 */
export function parseTunnel(target: string, gate: Allows): URL | undefined {
  const parts = /^(\[[0-9a-f:.]+\]|[^\s:/@?#]+):(\d{1,5})$/i.exec(target);
  if (!parts) return undefined;
  const address = (scheme: string) => `${scheme}://${parts[1]}:${parts[2]}`;
  if (!URL.canParse(address('https')) || !URL.canParse(address('http'))) return undefined;
  const [secure, clear] = [new URL(address('https')), new URL(address('http'))];
  if (Number(parts[2]) === 443 || gate.allows(netAction(secure))) return secure;
  return clear;
}

/** A connection that was allowed and did not come about, in words. */
export function unreachable(action: NetAction, cause: Error): AssassinError {
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  const reasons: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nothing listens there', ETIMEDOUT: 'it does not answer', ECONNRESET: 'it closed the connection', EHOSTUNREACH: 'there is no route to it', ENETUNREACH: 'there is no route to it',
  };
  const reason = (code === undefined ? undefined : reasons[code]) ?? cause.message;
  return new AssassinError('page-failed', `${action.host}:${action.port} could not be reached: ${reason}.`, { hint: 'Check that the server runs and that the address is right.', cause });
}
