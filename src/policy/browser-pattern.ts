import type { Action } from './action.ts';
import { invalidGrant } from './invalid-grant.ts';

export interface BrowserPattern {
  readonly kind: 'browser';
  /** `ws://host:port` or `wss://host:port` of a browser that runs elsewhere; absent: throwaway ones on this machine. */
  readonly endpoint?: string;
}

/** `browser` alone is never a browser elsewhere: nothing that is enforced here holds there. Throws `invalid-grant`. */
export function parseBrowserPattern(pattern: string, text: string): BrowserPattern {
  if (pattern === '') return { kind: 'browser' };
  const url = URL.canParse(pattern) ? new URL(pattern) : undefined;
  // With http: it would read as if the browser were limited to that site.
  if (!url || !/^wss?:$/.test(url.protocol)) throw invalidGrant(`The grant "browser" takes no resource but the ws:// address of a browser that runs elsewhere, and "${pattern}" was given.`, `Write just "browser", and grant the sites that it may reach with "net", not in "${text}".`);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '' || url.pathname !== '/') {
    throw invalidGrant('The grant of a browser elsewhere names more than its host and port.', 'Leave out path, user and key: grants are recorded. Write for example "browser wss://browsers.example".');
  }
  return { kind: 'browser', endpoint: `${url.protocol}//${url.host}` };
}

export function browserMatches(pattern: BrowserPattern, action: Action): boolean {
  return action.kind === 'browser' && action.endpoint === pattern.endpoint;
}
