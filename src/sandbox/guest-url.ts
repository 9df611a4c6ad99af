const settable = ['href', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'] as const;

const none = 'null';

/** The parts of an address as JSON, `null` where it is none. */
export function parseUrl(text: string, base?: string): string {
  const url = URL.parse(text, base);
  return url === null ? none : partsOf(url);
}

/** `change` is JSON, `[part, value]`. The parts of the changed address, `null` where the change makes it none. */
export function changeUrl(href: string, change: string): string {
  const [part, value]: unknown[] = JSON.parse(change);
  const name = settable.find((candidate) => candidate === part);
  const url = URL.parse(href);
  if (url === null || name === undefined || typeof value !== 'string') return none;
  try {
    url[name] = value;
  } catch {
    return none;
  }
  return partsOf(url);
}

function partsOf(url: URL): string {
  return JSON.stringify(Object.fromEntries([...settable, 'origin' as const].map((part) => [part, url[part]])));
}
