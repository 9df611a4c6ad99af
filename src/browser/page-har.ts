import type { Json } from '../shared/json.ts';
import type { NetworkEntry } from './page-record.ts';

/** Headers whose values say who somebody is. */
const secretHeaders = /^(authorization|proxy-authorization|cookie|set-cookie|x-api-key)$/i;

/** The browser does not say by which version of HTTP an answer came. */
const httpVersion = 'unknown';

/** The network of a page in the HTTP archive format 1.2. Bodies are not kept; values of cookies and credentials are left out. Times are milliseconds; what is under way has taken 0. */
export function har(entries: readonly NetworkEntry[], version: string): Json {
  return {
    log: {
      version: '1.2',
      creator: { name: 'Infrastructure Assassin', version },
      entries: entries.map((entry) => ({
        startedDateTime: new Date(entry.at).toISOString(),
        time: entry.ms ?? 0,
        request: { method: entry.method, url: entry.url, httpVersion, cookies: [], headers: headers(entry.requestHeaders), queryString: query(entry.url), headersSize: -1, bodySize: -1 },
        response: {
          status: entry.status ?? 0, statusText: entry.failure ?? entry.statusText, httpVersion, cookies: [], headers: headers(entry.responseHeaders),
          content: { size: Number(entry.responseHeaders['content-length'] ?? -1), mimeType: entry.mediaType }, redirectURL: entry.responseHeaders['location'] ?? '', headersSize: -1, bodySize: -1,
        },
        cache: {},
        // The format wants all three, and none below zero: what is known is how long it took in all.
        timings: { send: 0, wait: entry.ms ?? 0, receive: 0 },
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
