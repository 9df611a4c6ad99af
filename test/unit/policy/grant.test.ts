import { describe, expect, it } from 'vitest';
import { describeAction, netAction, type Action } from '../../../src/policy/action.ts';
import { parseGrant } from '../../../src/policy/grant.ts';

const workspace = '/home/ada/shop';
const net = (url: string): Action => netAction(new URL(url));

describe('a grant', () => {
  const cases: readonly (readonly [grant: string, action: Action, matches: boolean])[] = [
    ['fs.read src/**', { kind: 'fs.read', path: '/home/ada/shop/src/a/b.ts' }, true],
    ['fs.read src/**', { kind: 'fs.read', path: '/home/ada/shop/src' }, true],
    ['fs.read src/**', { kind: 'fs.read', path: '/home/ada/shop/src-other/b.ts' }, false],
    ['fs.read src/**', { kind: 'fs.write', path: '/home/ada/shop/src/a.ts' }, false],
    ['fs.read src/*', { kind: 'fs.read', path: '/home/ada/shop/src/a.ts' }, true],
    ['fs.read src/*', { kind: 'fs.read', path: '/home/ada/shop/src/a/b.ts' }, false],
    ['fs.read notes.md', { kind: 'fs.read', path: '/home/ada/shop/notes.md' }, true],
    ['fs.read notes.md', { kind: 'fs.read', path: '/home/ada/shop/notes.md.bak' }, false],
    ['fs.write **', { kind: 'fs.write', path: '/home/ada/shop/x' }, true],
    ['fs.write **', { kind: 'fs.write', path: '/home/ada/other' }, false],
    ['fs.read ../other/**', { kind: 'fs.read', path: '/home/ada/other/x' }, true],
    ['fs.read /**', { kind: 'fs.read', path: '/etc/hosts' }, true],
    ['fs.read /*', { kind: 'fs.read', path: '/etc' }, true],
    ['fs.read /*', { kind: 'fs.read', path: '/etc/hosts' }, false],
    ['fs.read /etc/hosts', { kind: 'fs.read', path: '/etc/hosts' }, true],
    ['net https://shop.example', net('https://shop.example/path?q=1'), true],
    ['net https://shop.example', net('https://SHOP.example./x'), true],
    ['net https://shop.example', net('http://shop.example/'), false],
    ['net https://shop.example', net('https://shop.example:8443/'), false],
    ['net https://shop.example', net('https://evil-shop.example/'), false],
    ['net https://shop.example', net('https://shop.example.evil.test/'), false],
    ['net https://shop.example', net('https://a.shop.example/'), false],
    ['net https://shop.example', net('https://shop.example@evil.test/'), false],
    ['net https://shop.example', net('wss://shop.example/live'), true],
    ['net http://shop.example', net('wss://shop.example/live'), false],
    ['net https://*.shop.example', net('https://a.shop.example/'), true],
    ['net https://*.shop.example', net('https://shop.example/'), false],
    ['net https://*.shop.example', net('https://notshop.example/'), false],
    ['net http://localhost:8080', net('http://localhost:8080/'), true],
    ['net http://localhost:8080', net('http://localhost:8081/'), false],
    ['net http://localhost:*', net('http://localhost:8081/'), true],
    ['net http://127.0.0.1:80', net('http://0x7f.1/'), true],
    ['net http://127.0.0.1', net('http://2130706433/'), true],
    ['net http://[::1]:3000', net('http://[::1]:3000/'), true],
    ['net https://bücher.example', net('https://xn--bcher-kva.example/'), true],
    ['mcp github:*', { kind: 'mcp', server: 'github', tool: 'create_issue' }, true],
    ['mcp github:list', { kind: 'mcp', server: 'github', tool: 'list_all' }, false],
    ['mcp github:*', { kind: 'mcp', server: 'github-evil', tool: 'x' }, false],
    ['exec npm test', { kind: 'exec', argv: ['npm', 'test'], cwd: workspace }, true],
    ['exec npm test', { kind: 'exec', argv: ['npm', 'test', '--', '-t', 'x'], cwd: workspace }, false],
    ['exec npm test **', { kind: 'exec', argv: ['npm', 'test', '--', '-t', 'x'], cwd: workspace }, true],
    ['exec npm test', { kind: 'exec', argv: ['npm', 'testing'], cwd: workspace }, false],
    ['exec npm test', { kind: 'exec', argv: ['npm'], cwd: workspace }, false],
    ['model', { kind: 'model', model: 'any' }, true],
    ['model gpt', { kind: 'model', model: 'gpt-2' }, false],
    ['secret API_KEY', { kind: 'secret', name: 'API_KEY' }, true],
    ['browser', { kind: 'browser' }, true],
    ['clock', { kind: 'random' }, false],
  ];
  it.each(cases)('"%s" against %o: %s', (grant, action, matches) => {
    expect(parseGrant(grant, workspace).matches(action)).toBe(matches);
  });

  it.each([
    ['teleport', 'no capability "teleport"'],
    ['net', 'needs a resource'],
    ['net shop.example', 'not a network grant'],
    ['net https://*', 'not a network grant'],
    ['net https://a.*.example', 'not a network grant'],
    ['fs.read src/*/x', 'in the middle of a path'],
    ['browser https://x.example', 'takes no resource'],
    ['mcp github', 'does not name a server and a tool'],
  ])('"%s" is refused with a sentence that says why', (text, reason) => {
    expect(() => parseGrant(text, workspace)).toThrow(reason);
  });

  it('is described in the words that would grant it', () => {
    for (const url of ['https://shop.example/', 'http://localhost:8080/', 'http://[::1]:3000/', 'wss://live.example/']) {
      const action = net(url);
      expect(parseGrant(describeAction(action), workspace).matches(action), url).toBe(true);
    }
    const written: Action = { kind: 'fs.write', path: '/home/ada/shop/a.txt' };
    expect(parseGrant(describeAction(written), workspace).matches(written)).toBe(true);
  });

  it('never covers an address without a host', () => {
    const grant = parseGrant('net https://*.example', workspace);
    for (const url of ['file:///etc/passwd', 'data:text/html,x', 'about:blank', 'javascript:1']) expect(grant.matches(net(url)), url).toBe(false);
  });
});
