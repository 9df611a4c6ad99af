import { egressFetch, type EgressFetch } from '../policy/egress-fetch.ts';
import type { Resolver } from '../policy/egress.ts';
import { WholeResponse } from '../policy/whole-response.ts';
import { AssassinError } from '../shared/errors.ts';

/** One message of a remote server may be this long. */
const maxMessageBytes = 8 * 1024 * 1024;

export interface Traffic {
  bytesIn: number;
  bytesOut: number;
}

export interface BoundedFetchOptions {
  /** The configured address; nothing outside of its origin is ever asked. */
  readonly url: URL;
  readonly traffic: Traffic;
  /** Hears of the bytes of bodies as they pass; what it throws ends the request. */
  readonly onTraffic?: (url: URL, bytes: number) => void;
  readonly resolver?: Resolver;
}

/** Longest time to reach a server, milliseconds; the handshake has a limit of its own. */
const connectMs = 30_000;

/** `fetch` under the egress policy that counts the bytes of bodies, and breaks off a message that would not end. */
export function boundedFetch({ url: configured, traffic, resolver, onTraffic: heard }: BoundedFetchOptions): EgressFetch {
  const { origin } = configured;
  const egress = egressFetch({
    allows: (url) => url.origin === origin, reach: 'configured', connectMs, wholeJson: { bytes: maxMessageBytes, error: tooLong }, ...(resolver === undefined ? {} : { resolver }),
    onTraffic: (received, sent) => {
      traffic.bytesIn += received;
      traffic.bytesOut += sent;
      heard?.(configured, received + sent);
    },
  });
  return { fetch: bounded(egress.fetch), [Symbol.dispose]: () => egress[Symbol.dispose]() };
}

const tooLong = () => new AssassinError('mcp-protocol', `one message is longer than ${maxMessageBytes} bytes`);

function bounded(fetch: EgressFetch['fetch']): EgressFetch['fetch'] {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (response instanceof WholeResponse) return response;
    if (response.body === null || !response.ok) return response;
    // In an event stream one line holds one message; any other answer is one message as a whole.
    const perLine = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    let length = 0;
    const counted = response.body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        const lineEnd = perLine ? chunk.lastIndexOf(10) : -1;
        length = lineEnd < 0 ? length + chunk.length : chunk.length - lineEnd - 1;
        if (length > maxMessageBytes) controller.error(tooLong());
        else controller.enqueue(chunk);
      },
    }));
    return new Response(counted, { status: response.status, statusText: response.statusText, headers: response.headers });
  };
}
