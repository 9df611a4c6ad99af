import type { Json } from '../shared/json.ts';
import type { NetworkEntry } from './page-record.ts';

/** Headers whose values say who somebody is. */
const secretHeaders = /^(authorization|proxy-authorization|cookie|set-cookie|x-api-key)$/i;

/** The network of a page in the HTTP archive format 1.2. Bodies are not kept; values of cookies and credentials are left out. */
export function har(entries: readonly NetworkEntry[], version: string): Json {
  return {
    log: {
      version: '1.2',
      creator: { name: 'Infrastructure Assassin', version },
      entries: entries.map((entry) => ({
        startedDateTime: new Date(entry.at).toISOString(),
        time: entry.ms ?? -1,
        request: { method: entry.method, url: entry.url, httpVersion: 'HTTP/1.1', cookies: [], headers: headers(entry.requestHeaders), queryString: query(entry.url), headersSize: -1, bodySize: -1 },
        response: {
          status: entry.status ?? 0, statusText: entry.failure ?? entry.statusText, httpVersion: 'HTTP/1.1', cookies: [], headers: headers(entry.responseHeaders),
          content: { size: Number(entry.responseHeaders['content-length'] ?? -1), mimeType: entry.mediaType }, redirectURL: entry.responseHeaders['location'] ?? '', headersSize: -1, bodySize: -1,
        },
        cache: {},
        timings: { send: -1, wait: entry.ms ?? -1, receive: -1 },
      })),
    },
  };
}

function headers(all: Readonly<Record<string, string>>): Json {
  return Object.entries(all).map(([name, value]) => ({ name, value: secretHeaders.test(name) ? '[left out]' : value }));
}

function query(url: string): Json {
  return URL.canParse(url) ? [...new URL(url).searchParams].map(([name, value]) => ({ name, value })) : [];
}
