import { AssassinError } from '../shared/errors.ts';

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** One message of a remote server may be this long. */
const maxMessageBytes = 8 * 1024 * 1024;

export interface Traffic {
  bytesIn: number;
  bytesOut: number;
}

/** `fetch` that counts the bytes of bodies, and breaks off a message that would not end. */
export function boundedFetch(traffic: Traffic): Fetch {
  return async (url, init) => {
    if (typeof init?.body === 'string') traffic.bytesOut += Buffer.byteLength(init.body);
    const response = await fetch(url, init);
    if (response.body === null || !response.ok) return response;
    // In an event stream one line holds one message; any other answer is one message as a whole.
    const perLine = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    let length = 0;
    const counted = response.body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        traffic.bytesIn += chunk.length;
        const lineEnd = perLine ? chunk.lastIndexOf(10) : -1;
        length = lineEnd < 0 ? length + chunk.length : chunk.length - lineEnd - 1;
        if (length > maxMessageBytes) controller.error(new AssassinError('mcp-protocol', `one message is longer than ${maxMessageBytes} bytes`));
        else controller.enqueue(chunk);
      },
    }));
    return new Response(counted, { status: response.status, statusText: response.statusText, headers: response.headers });
  };
}
