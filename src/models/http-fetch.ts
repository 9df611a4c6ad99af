import { egressFetch, type EgressFetch, type Fetch } from '../policy/egress-fetch.ts';
import { systemResolver, type Resolver } from '../policy/egress.ts';
import { connectFailure } from '../policy/pinned-socket.ts';
import { AssassinError, sentence } from '../shared/errors.ts';

export interface HttpFetchOptions {
  /** Nothing outside of its origin is ever asked. */
  readonly baseUrl: URL;
  /** Longest time to resolve the name, connect and agree on TLS. */
  readonly connectMs: number;
  readonly resolver?: Resolver;
}

/** No answer is this long; one that is would fill the memory of the editor. */
export const longest = {
  bytes: 64 * 1024 * 1024,
  error: (host: string, bytes: number) => new AssassinError('model-unavailable', `The answer of ${host} is longer than ${bytes} bytes.`, { hint: 'Choose another model, or check the base URL.' }),
};

/**
 * `fetch` for model providers, under the egress policy for addresses that a person has configured. No redirect is followed: prompts and keys go where a
 * person sent them. Disposing it closes what it keeps open. Throws `model-unavailable` for connections, `model-refused` for redirects and `egress-denied` for a name that leads inside.
 */
export function httpFetch({ baseUrl, connectMs, resolver = systemResolver }: HttpFetchOptions): EgressFetch {
  const egress = egressFetch({ allows: ({ origin }) => origin === baseUrl.origin, reach: 'configured', connectMs, maxBytes: longest, resolver });
  const { fetch } = egress;
  const withoutRedirects: Fetch = async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== baseUrl.origin) throw new AssassinError('internal', `A model provider at ${baseUrl.origin} was about to ask ${url.origin}.`);
    let response: Response;
    try {
      response = await fetch(input, { ...init, redirect: 'manual' });
    } catch (error) {
      throw init.signal?.aborted === true ? init.signal.reason : unreachable(url, error);
    }
    if (response.status < 300 || response.status >= 400) return response;
    await response.body?.cancel();
    throw redirected(url, response.headers.get('location'));
  };
  return { fetch: withoutRedirects, [Symbol.dispose]: () => egress[Symbol.dispose]() };
}

/** What a connection that failed is to a person. Errors of our own stay as they are. */
export function unreachable(url: URL, error: unknown): unknown {
  if (AssassinError.isInstance(error)) return error;
  const { message, name } = connectFailure(error);
  return new AssassinError('model-unavailable', `${url.host} could not be asked: ${sentence(message || name)}`, {
    hint: 'Check that the server runs and that its base URL is right.', cause: error, ...(timedOut(error) ? { data: { timeout: 'connect' } } : {}),
  });
}

function timedOut(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ETIMEDOUT';
}

export function redirected(url: URL, location: string | null | undefined): AssassinError {
  const to = typeof location === 'string' && URL.canParse(location, url) ? new URL(location, url).origin : 'another address';
  return new AssassinError('model-refused', `${url.origin} redirects to ${to}; redirects of model providers are not followed.`, { hint: `If you trust ${to}, set the base URL to it.` });
}
