import { describe, expect, it } from 'vitest';
import { visitedUrl } from '../../../src/mcp/requests/visited-url.ts';

describe('an address that a server wants opened', () => {
  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'vscode://x', 'data:text/html,x', 'not an address', ''])('is none where nothing on the web is meant: %s', (text) => {
    expect(visitedUrl(text)).toBeUndefined();
  });

  it('is without a warning where it is plain', () => {
    expect(visitedUrl('https://example.com/a?b=c')).toEqual({ href: 'https://example.com/a?b=c', domain: 'example.com', warnings: [] });
  });

  it.each([
    ['https://аpple.com/', 'Punycode', 'xn--pple-43d.com'], ['https://bank.example@evil.example/', '@', 'evil.example'], ['http://example.com/', 'not encrypted', 'example.com'],
    ['https://93.184.216.34/', 'without a name', '93.184.216.34'], ['https://0x5db8d822/', 'without a name', '93.184.216.34'], ['http://localhost:3000/', 'on this machine', 'localhost'], ['http://[::1]/', 'on this machine', '[::1]'],
  ])('warns: %s', (text, warning, domain) => {
    const url = visitedUrl(text);
    expect(url?.domain).toBe(domain);
    expect(url?.warnings.join(' ')).toContain(warning);
  });
});
