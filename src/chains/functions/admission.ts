import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Why a request is not let in, as status and sentence. */
export interface Refusal {
  readonly status: number;
  readonly code: 'denied' | 'invalid-input';
  readonly message: string;
}

/** The header that carries the token where the function itself wants to read `Authorization`. */
export const tokenHeader = 'x-assassin-token';

export interface AdmissionOptions {
  readonly port: number;
  readonly token: string;
  readonly origins: readonly string[];
}

/**
 * Lets in who knows the token and who really meant this server. A web page can make a browser send requests to loopback ports, and by a name of its own
 * that it points here (DNS rebinding): its `Host` and `Origin` give it away. The token is compared in a time that says nothing about it.
 */
export class Admission {
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  readonly #token: Buffer;

  constructor({ port, token, origins }: AdmissionOptions) {
    const names = ['127.0.0.1', 'localhost', '[::1]'];
    this.#hosts = new Set(names.map((name) => `${name}:${port}`));
    this.#origins = new Set([...names.map((name) => `http://${name}:${port}`), ...origins]);
    this.#token = digest(token);
  }

  refusal(headers: IncomingHttpHeaders): Refusal | undefined {
    const { host = '', origin, authorization = '' } = headers;
    if (!this.#hosts.has(host.toLowerCase())) return { status: 403, code: 'denied', message: `This server is not called "${host.slice(0, 100)}". Use 127.0.0.1 or localhost with its port.` };
    if (origin !== undefined && !this.#origins.has(origin)) return { status: 403, code: 'denied', message: 'Web pages of other origins may not call this function. Name the origin when it is served, with --origin.' };
    const shown = headers[tokenHeader] ?? /^Bearer +(.+)$/i.exec(authorization)?.[1];
    if (typeof shown !== 'string') return { status: 401, code: 'denied', message: `The token is missing. Send it as "Authorization: Bearer TOKEN" or "${tokenHeader}: TOKEN".` };
    return timingSafeEqual(digest(shown), this.#token) ? undefined : { status: 401, code: 'denied', message: 'The token is wrong. Each start of "fn serve" makes a new one.' };
  }
}

/** Digests have one length, whatever was sent: otherwise the length of the token could be learned. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
