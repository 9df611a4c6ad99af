/** What a person has to see of an address before they open it. */
export interface VisitedUrl {
  /** As it will be opened, with the host as it is sent: letters that merely look alike show as what they are. */
  readonly href: string;
  readonly domain: string;
  readonly warnings: readonly string[];
}

/** `undefined` for what is no web address: nothing else is ever opened for a server. */
export function visitedUrl(text: string): VisitedUrl | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined;
  const { hostname: domain } = url;
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(domain);
  const warnings = [
    ...(domain.split('.').some((label) => label.startsWith('xn--')) ? ['The domain has letters of other scripts in it (Punycode): it may only look like a domain that you know.'] : []),
    ...(url.username !== '' || url.password !== '' ? ['A name before the @ is no part of the domain: it may be there to deceive.'] : []),
    ...(url.protocol === 'http:' && !loopback ? ['The connection is not encrypted.'] : []),
    ...(!loopback && /^[\d.]+$|^\[/.test(domain) ? ['It is an address without a name.'] : []),
    ...(loopback ? ['It is a program on this machine.'] : []),
  ];
  return { href: url.href, domain, warnings };
}
