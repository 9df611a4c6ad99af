import { describe, expect, it } from 'vitest';
import { describeAction, type Action } from '../../../src/policy/action.ts';
import { authorize } from '../../../src/policy/authorize.ts';
import { isSpecialAddress, pinTarget, type Resolver } from '../../../src/policy/egress.ts';
import { parseGrant } from '../../../src/policy/grant.ts';
import { forbidden, granted, reach, workspace, type DecisionCase } from './decisions.ts';

const grants: readonly DecisionCase<string>[] = [
  ['net https://shop.example', 'https://shop.example/a?b#c', 'allow', 'path, query and fragment do not count'],
  ['net https://shop.example/', 'https://shop.example/', 'allow', 'a slash at the end means nothing'],
  ['net https://shop.example', 'https://SHOP.Example/', 'allow', 'letter case of hosts'],
  ['net HTTPS://SHOP.example', 'https://shop.example/', 'allow', 'letter case of hosts'],
  ['net https://shop.example', 'https://shop.example./', 'allow', 'the root dot'],
  ['net https://shop.example.', 'https://shop.example/', 'allow', 'the root dot'],
  ['net https://shop.example', 'https://shop.example../', 'deny', 'two dots are no host'],
  ['net https://shop.example', 'http://shop.example/', 'deny', 'another scheme'],
  ['net http://shop.example', 'https://shop.example/', 'deny', 'another scheme, safer or not'],
  ['net https://shop.example', 'wss://shop.example/', 'allow', 'web sockets of the same origin'],
  ['net http://shop.example', 'ws://shop.example/', 'allow', 'web sockets of the same origin'],
  ['net https://shop.example', 'ws://shop.example/', 'deny', 'web sockets in the clear'],
  ['net wss://shop.example', 'https://shop.example/', 'deny', 'a web socket is not the site'],
  ['net https://shop.example', 'ftp://shop.example/', 'deny', 'another scheme'],
  ['net https://shop.example', 'file://shop.example/', 'deny', 'another scheme'],
  ['net https://shop.example', 'https://shop.example:443/', 'allow', 'the default port'],
  ['net https://shop.example', 'https://shop.example:0443/', 'allow', 'the default port with a zero'],
  ['net https://shop.example:443', 'https://shop.example/', 'allow', 'the default port'],
  ['net https://shop.example', 'https://shop.example:8443/', 'deny', 'another port'],
  ['net https://shop.example', 'https://shop.example:80/', 'deny', 'the port of the other scheme'],
  ['net https://shop.example:8443', 'https://shop.example:8443/', 'allow', 'a port that is named'],
  ['net https://shop.example:8443', 'https://shop.example/', 'deny', 'only the port that is named'],
  ['net https://shop.example:*', 'https://shop.example:1/', 'allow', 'any port'],
  ['net https://shop.example:*', 'http://shop.example:443/', 'deny', 'any port, not any scheme'],
  // Names that look alike.
  ['net https://shop.example', 'https://shop.example.evil.test/', 'deny', 'a longer name to the right'],
  ['net https://shop.example', 'https://evil-shop.example/', 'deny', 'a longer name to the left'],
  ['net https://shop.example', 'https://www.shop.example/', 'deny', 'a name below'],
  ['net https://shop.example', 'https://example/', 'deny', 'the name above'],
  ['net https://shop.example', 'https://shop-example/', 'deny', 'a hyphen for the dot'],
  ['net https://shop.example', 'https://shopXexample/', 'deny', 'a letter for the dot'],
  ['net https://shop.example', 'https://shop.example@evil.test/', 'deny', 'the host is what follows the @'],
  ['net https://shop.example', 'https://shop.example:443@evil.test/', 'deny', 'the host is what follows the @'],
  ['net https://shop.example', 'https://user:pass@shop.example/', 'allow', 'the host is what follows the @'],
  ['net https://shop.example', 'https://evil.test/@shop.example', 'deny', 'an @ in the path'],
  ['net https://shop.example', 'https://evil.test\\@shop.example', 'deny', 'a backslash ends the host'],
  ['net https://shop.example', 'https://shop.example\\@evil.test', 'allow', 'a backslash ends the host'],
  ['net https://shop.example', 'https://evil.test#@shop.example', 'deny', 'a fragment ends the host'],
  ['net https://shop.example', 'https://evil.test?@shop.example', 'deny', 'a query ends the host'],
  ['net https://shop.example', 'https:shop.example', 'allow', 'without slashes it is the same URL'],
  ['net https://shop.example', 'https:\\\\shop.example', 'allow', 'with backslashes too'],
  ['net https://shop.example', 'ht\ntps://sh\top.example', 'allow', 'line breaks and tabs are dropped from URLs'],
  ['net https://shop.example', 'https://sh\u00f6p.example/', 'deny', 'an umlaut'],
  ['net https://b\u00fccher.example', 'https://xn--bcher-kva.example/', 'allow', 'a name and its punycode'],
  ['net https://xn--bcher-kva.example', 'https://B\u00dcCHER.example/', 'allow', 'a name and its punycode'],
  ['net https://b\u00fccher.example', 'https://bu\u0308cher.example/', 'allow', 'composed or not'],
  ['net https://apple.example', 'https://\u0430pple.example/', 'deny', 'a Cyrillic letter'],
  ['net https://shop.example', 'https://\uff53hop.example/', 'allow', 'a full-width letter is that letter'],
  ['net https://shop.example', 'https://sh%6fp.example/', 'allow', 'a percent sequence is that letter'],
  ['net https://shop.example', 'https://shop\u3002example/', 'allow', 'an ideographic stop is a dot'],
  ['net https://shop.example', 'https://sho\u00adp.example/', 'allow', 'a soft hyphen is nothing'],
  ['net https://fass.example', 'https://fa\u00df.example/', 'deny', 'sharp s is a letter of its own'],
  // Wildcards.
  ['net https://*.shop.example', 'https://a.shop.example/', 'allow', 'a name below'],
  ['net https://*.shop.example', 'https://a.b.shop.example/', 'allow', 'further below'],
  ['net https://*.shop.example', 'https://shop.example/', 'deny', 'not the name itself'],
  ['net https://*.shop.example', 'https://ashop.example/', 'deny', 'a longer name'],
  ['net https://*.shop.example', 'https://.shop.example/', 'deny', 'an empty name'],
  ['net https://*.shop.example', 'https://a.shop.example.evil.test/', 'deny', 'a longer name to the right'],
  ['net https://*.shop.example', 'https://a.shop.example./', 'allow', 'the root dot'],
  ['net https://*.shop.example', 'http://a.shop.example/', 'deny', 'another scheme'],
  ['net https://*.shop.example', 'https://a.shop.example:8443/', 'deny', 'another port'],
  ['net https://*.shop.example:*', 'https://a.shop.example:8443/', 'allow', 'any port'],
  // Addresses in every spelling.
  ['net http://127.0.0.1', 'http://0177.0.0.1/', 'allow', 'octal'],
  ['net http://127.0.0.1', 'http://0x7f.0.0.1/', 'allow', 'hexadecimal'],
  ['net http://127.0.0.1', 'http://0x7f000001/', 'allow', 'one hexadecimal number'],
  ['net http://127.0.0.1', 'http://2130706433/', 'allow', 'one number'],
  ['net http://127.0.0.1', 'http://017700000001/', 'allow', 'one octal number'],
  ['net http://127.0.0.1', 'http://127.1/', 'allow', 'short'],
  ['net http://127.0.0.1', 'http://127.0.1/', 'allow', 'short'],
  ['net http://127.0.0.1', 'http://127.0.0.1./', 'allow', 'the root dot'],
  ['net http://127.0.0.1', 'http://\uff11\uff12\uff17.0.0.1/', 'allow', 'full-width digits'],
  ['net http://127.0.0.1', 'http://[::ffff:127.0.0.1]/', 'allow', 'wrapped in IPv6 it is the same machine'],
  ['net http://127.0.0.1', 'http://[::ffff:7f00:1]/', 'allow', 'wrapped in IPv6 it is the same machine'],
  ['net http://[::ffff:127.0.0.1]', 'http://127.0.0.1/', 'allow', 'wrapped in IPv6 it is the same machine'],
  ['net http://127.0.0.1', 'http://[::127.0.0.1]/', 'deny', 'a compatible address is another one'],
  ['net http://127.0.0.1', 'http://127.0.0.2/', 'deny', 'another address of loopback'],
  ['net http://127.0.0.1', 'http://localhost/', 'deny', 'a name is not its address'],
  ['net http://localhost', 'http://127.0.0.1/', 'deny', 'an address is not its name'],
  ['net http://localhost', 'http://LOCALHOST./', 'allow', 'letter case and root dot'],
  ['net http://localhost', 'http://\u24dbocalhost/', 'allow', 'a circled letter is that letter'],
  ['net http://localhost', 'http://localhost.localdomain/', 'deny', 'a longer name'],
  ['net http://localhost', 'http://app.localhost/', 'deny', 'a name below'],
  ['net http://*.localhost', 'http://app.localhost/', 'allow', 'a name below'],
  ['net http://localhost', 'http://0.0.0.0/', 'deny', 'every address of this machine'],
  ['net http://localhost', 'http://[::1]/', 'deny', 'another address'],
  ['net http://localhost', 'http://[::]/', 'deny', 'every address of this machine'],
  ['net http://127.0.0.1', 'http://0/', 'deny', 'zero is 0.0.0.0'],
  ['net http://0.0.0.0', 'http://0/', 'allow', 'zero is 0.0.0.0'],
  ['net http://[::1]', 'http://[0:0:0:0:0:0:0:1]/', 'allow', 'the long form'],
  ['net http://[::1]', 'http://[::0001]/', 'allow', 'zeros in front'],
  ['net http://[2001:DB8::1]', 'http://[2001:db8:0::1]/', 'allow', 'letter case and length'],
  ['net http://[::1]:3000', 'http://[::1]:3001/', 'deny', 'another port'],
  ['net http://169.254.169.254', 'http://[::ffff:a9fe:a9fe]/', 'allow', 'named is named, in any spelling'],
  ['net https://*.nip.io', 'https://127.0.0.1.nip.io/', 'allow', 'the name; where it points is decided when it is resolved'],
  // What has no host.
  ['net https://shop.example', 'data:text/html,x', 'deny', 'no host'],
  ['net https://shop.example', 'about:blank', 'deny', 'no host'],
  ['net https://shop.example', 'javascript:1', 'deny', 'no host'],
  ['net https://shop.example', 'blob:https://shop.example/x', 'deny', 'no host'],
  ['net https://shop.example', 'view-source:https://shop.example/', 'deny', 'another scheme'],
];

const denials: readonly DecisionCase<string>[] = [
  ['net http://127.0.0.1:*', 'http://[::ffff:127.0.0.1]:8080/', 'deny', 'wrapped in IPv6'],
  ['net http://127.0.0.1:*', 'http://0x7f.1:8080/', 'deny', 'short and hexadecimal'],
  ['net http://169.254.169.254', 'http://2852039166/latest', 'deny', 'one number'],
  ['net https://evil.test', 'https://EVIL.test./', 'deny', 'letter case and root dot'],
  ['net https://evil.test', 'wss://evil.test/', 'deny', 'web sockets too'],
  ['net https://*.evil.test', 'https://evil.test/', 'allow', 'names below only'],
  ['net https://evil.test', 'http://evil.test/', 'allow', 'one scheme only'],
];

describe('one network grant decides', () => {
  it.each(grants)('%s: %s is %s (%s)', (text, url, effect) => expect(granted(text, reach(url))).toBe(effect));
  it.each(denials)('as a rule that denies %s: %s is %s (%s)', (text, url, effect) => expect(forbidden(text, reach(url))).toBe(effect));
});

describe('a network grant is refused', () => {
  it.each([
    'net', 'net shop.example', 'net *', 'net https://*', 'net https://*.', 'net https://a.*.example', 'net https://*a.example', 'net https://shop.example/path', 'net https://shop.example?x', 'net https://shop.example#x',
    'net https://user@evil.test', 'net https://shop.example@evil.test', 'net https://shop.example\\@evil.test', 'net https://a b', 'net https://a%2eb', 'net ftp://shop.example', 'net file:///etc/passwd', 'net *://shop.example',
    'net https://shop.example:99999', 'net https://shop.example:0', 'net https://shop.example:', 'net https://[fe80::1%25eth0]', 'net https://[::1', 'net https://256.1.1.1', 'net https://1.2.3.4.5', 'net http://*.127.0.0.1', 'net http://*.1',
    'net https://shop.example\u202e', 'net https://shop\0.example', 'net https://shop.example https://evil.test',
  ])('%j', (text) => expect(() => parseGrant(text, workspace)).toThrow(expect.objectContaining({ code: 'invalid-grant' })));
});

const allows = (text: string) => ({ allows: (action: Action) => authorize(action, [parseGrant(text, workspace)], []).effect === 'allow' });
const answers = (...addresses: readonly string[]): Resolver => () => Promise.resolve(addresses);

describe('where a granted name points', () => {
  it.each([
    '0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.255.255', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.2.1', '192.88.99.1', '192.168.0.1', '198.18.0.1',
    '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255', '::', '::1', '::7f00:1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '0:0:0:0:0:ffff:a9fe:a9fe', '64:ff9b::7f00:1',
    '64:ff9b:1::1', '100::1', '2001::1', '2001:0:4136:e378::1', '2001:db8::1', '2002:7f00:1::', '3fff::1', '4000::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', 'not-an-address', '',
  ])('%s is not the public internet: a name that points there is refused', async (address) => {
    expect(isSpecialAddress(address)).toBe(true);
    await expect(pinTarget(new URL('https://a.shop.example/'), allows('net https://*.shop.example'), answers('93.184.216.34', address))).rejects.toMatchObject({ code: 'egress-denied' });
    await expect(pinTarget(new URL('https://a.shop.example/'), allows('net https://*.shop.example'), answers(address, '93.184.216.34'))).rejects.toMatchObject({ code: 'egress-denied' });
  });

  it.each(['8.8.8.8', '1.1.1.1', '100.63.255.255', '100.128.0.1', '172.15.0.1', '172.32.0.1', '192.0.1.1', '192.167.0.1', '198.17.0.1', '223.255.255.255', '::ffff:8.8.8.8', '::ffff:808:808', '2001:4860:4860::8888', '2606:4700::1111', '2a00::1'])(
    '%s is: a name that points there is pinned to it', async (address) => {
      expect((await pinTarget(new URL('https://shop.example/'), allows('net https://shop.example'), answers(address))).addresses).toEqual([address]);
    });

  it.each(['127.0.0.1.nip.io', '10-0-0-1.sslip.io', 'localtest.me', 'localhost.localdomain', 'ip6-localhost', 'metadata.google.internal'])('%s is refused by where it points, granted or not', async (host) => {
    await expect(pinTarget(new URL(`http://${host}/`), allows(`net http://${host}`), answers(host.startsWith('ip6') ? '::1' : '127.0.0.1'))).rejects.toMatchObject({ code: 'egress-denied', message: expect.stringContaining('not a public address') });
  });

  it('is decided once: a name that answers with another address the next time is not asked again', async () => {
    let asked = 0;
    const rebinding: Resolver = () => Promise.resolve([asked++ === 0 ? '93.184.216.34' : '127.0.0.1']);
    expect(await pinTarget(new URL('https://shop.example/'), allows('net https://shop.example'), rebinding)).toMatchObject({ addresses: ['93.184.216.34'] });
    expect(asked).toBe(1);
    await expect(pinTarget(new URL('https://shop.example/'), allows('net https://shop.example'), rebinding)).rejects.toMatchObject({ code: 'egress-denied' });
  });

  it('is not even asked for what is not granted: the question itself would go out', async () => {
    let asked = 0;
    const counting: Resolver = () => Promise.resolve([String(asked++)]);
    await expect(pinTarget(new URL('https://c2VjcmV0.evil.test/'), allows('net https://shop.example'), counting)).rejects.toMatchObject({ code: 'egress-denied' });
    expect(asked).toBe(0);
  });
});

describe('an action in words', () => {
  it('shows what cannot be seen', () => {
    expect(describeAction({ kind: 'fs.write', path: '/w/\u202egpj.sh' })).toBe('fs.write /w/\\u{202e}gpj.sh');
    expect(describeAction({ kind: 'exec', argv: ['rm', 'a\u200bb', 'x\ny'], cwd: '/w' })).toBe('exec rm "a\\u{200b}b" "x\\ny"');
    expect(describeAction(reach('https://\u0430pple.example/'))).toBe('net https://xn--pple-43d.example');
  });
});
