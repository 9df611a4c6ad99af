import { isIP } from 'node:net';
import { normalHost } from '../../policy/action.ts';
import { egressFetch, type Fetch } from '../../policy/egress-fetch.ts';
import { isLoopbackName, isSpecialAddress, type Resolver } from '../../policy/egress.ts';
import { AssassinError } from '../../shared/errors.ts';

export interface GuardOptions {
  /** The server as a person has configured it. */
  readonly server: URL;
  /** The authorization server as a person has configured it. */
  readonly issuer?: string;
  /** The identity provider of a company as a person has configured it. */
  readonly identityProvider?: string;
  readonly refused: (url: URL, cause?: unknown) => Error;
  readonly resolver?: Resolver;
  readonly signal?: AbortSignal;
  /** Certificate authorities (PEM) instead of the built-in ones. */
  readonly ca?: string;
}

/** Bytes of one document; those of the largest providers have some ten thousand. */
const maxBytes = 512 * 1024;
const connectMs = 10_000;
/** One request with its whole answer. */
const totalMs = 30_000;

export interface GuardedFetch extends Disposable {
  readonly fetch: Fetch;
  /** Whether an address may be asked, or opened for a person. */
  readonly allows: (url: URL) => boolean;
}

export function isLoopback(url: URL): boolean {
  const host = normalHost(url.hostname);
  return isLoopbackName(host) || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

/**
 * `fetch` for what a server says about its sign-in: addresses of strangers. https only, to the public internet. What a person has written down themselves
 * may lie in their own network, and a server on this machine may send to another program on this machine. Whatever was refused once ends the sign-in: the
 * client library would go on as if the document were not there. Texts that explain errors are left out: they are shown to nobody.
 */
export function guardedFetch({ server, issuer, identityProvider, refused, resolver, signal, ca }: GuardOptions): GuardedFetch {
  const own = new Set([server.origin, ...[issuer, identityProvider].flatMap((each) => (each !== undefined && URL.canParse(each) ? [new URL(each).origin] : []))]);
  const local = isLoopback(server);
  const allows = (url: URL): boolean => {
    if (url.username !== '' || url.password !== '') return false;
    if (isLoopback(url)) return local && (url.protocol === 'http:' || url.protocol === 'https:');
    if (own.has(url.origin)) return url.protocol === 'https:' || url.origin === server.origin;
    return url.protocol === 'https:' && !(isIP(normalHost(url.hostname)) !== 0 && isSpecialAddress(normalHost(url.hostname)));
  };
  const shared = {
    allows, connectMs, ...(resolver === undefined ? {} : { resolver }), ...(ca === undefined ? {} : { ca }),
    maxBytes: { bytes: maxBytes, error: (host: string, bytes: number) => new Error(`${host} sent a document of more than ${bytes} bytes`) },
  };
  const configured = egressFetch({ ...shared, reach: 'configured', allows: (url) => own.has(url.origin) && allows(url) });
  const others = egressFetch({ ...shared, reach: 'public' });
  let refusal: Error | undefined;
  const refuse = (url: URL, cause?: unknown): never => {
    throw (refusal ??= refused(url, cause));
  };
  return {
    allows,
    fetch: async (input, init = {}) => {
      if (refusal !== undefined) throw refusal;
      const url = new URL(input instanceof Request ? input.url : input);
      if (!allows(url)) refuse(url);
      const limits = [AbortSignal.timeout(totalMs), signal, init.signal].filter((each) => each instanceof AbortSignal);
      // Redirects of a configured place lead to places that are not: those are for the library to follow, which keeps to one origin.
      const { fetch } = own.has(url.origin) ? configured : others;
      try {
        const response = await fetch(input, { ...init, redirect: init.redirect ?? 'manual', signal: AbortSignal.any(limits) });
        return response.ok ? response : await withoutWords(response);
      } catch (error) {
        if (AssassinError.isInstance(error) && error.code === 'egress-denied') refuse(url, error);
        throw error;
      }
    },
    [Symbol.dispose]: () => {
      configured[Symbol.dispose]();
      others[Symbol.dispose]();
    },
  };
}

/** The answer with nothing but the code of its error. */
async function withoutWords(response: Response): Promise<Response> {
  const { status, headers } = response;
  if (status < 400) return response;
  const body: unknown = await response.json().catch(() => undefined);
  const code = typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string' ? body.error : 'server_error';
  const kept = new Headers({ 'content-type': 'application/json' });
  const nonce = headers.get('dpop-nonce');
  if (nonce !== null) kept.set('dpop-nonce', nonce);
  return new Response(JSON.stringify({ error: /^[\w.-]{1,64}$/.test(code) ? code : 'server_error' }), { status, headers: kept });
}
