import { describe, expect, it } from 'vitest';
import { authorize } from '../../../src/policy/authorize.ts';
import { isSpecialAddress, pinTarget, type Resolver } from '../../../src/policy/egress.ts';
import { parseGrants } from '../../../src/policy/grant.ts';

const gate = (...grants: string[]) => {
  const parsed = parseGrants(grants, '/w');
  return { allows: (action: Parameters<typeof authorize>[0]) => authorize(action, parsed, []).effect === 'allow' };
};
const answers = (...addresses: string[]): Resolver => () => Promise.resolve(addresses);

describe('the egress policy', () => {
  it('pins all of a public name\'s addresses, to be tried in turn', async () => {
    const target = await pinTarget(new URL('https://shop.example/x'), gate('net https://shop.example'), answers('93.184.216.34', '2606:2800:220:1::1'));
    expect(target).toMatchObject({ addresses: ['93.184.216.34', '2606:2800:220:1::1'], action: { host: 'shop.example', port: 443 } });
  });

  it.each([
    ['127.0.0.1'], ['10.1.2.3'], ['172.31.0.1'], ['192.168.1.1'], ['169.254.169.254'], ['100.64.0.1'], ['0.0.0.0'], ['224.0.0.1'], ['255.255.255.255'],
    ['::1'], ['::'], ['fd00::1'], ['fe80::1'], ['::ffff:127.0.0.1'], ['::ffff:169.254.169.254'], ['64:ff9b::7f00:1'], ['2002:7f00:1::'],
  ])('refuses a granted public name that resolves to %s', async (address) => {
    expect(isSpecialAddress(address)).toBe(true);
    await expect(pinTarget(new URL('https://shop.example/'), gate('net https://shop.example'), answers('93.184.216.34', address))).rejects.toMatchObject({ code: 'egress-denied' });
  });

  it.each(['8.8.8.8', '93.184.216.34', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])('treats %s as public', (address) => {
    expect(isSpecialAddress(address)).toBe(false);
  });

  it('reaches loopback and private addresses only where they themselves are granted', async () => {
    const never: Resolver = () => Promise.reject(new Error('must not be asked'));
    expect((await pinTarget(new URL('http://localhost:8080/'), gate('net http://localhost:8080'), never)).addresses).toEqual(['127.0.0.1', '::1']);
    expect((await pinTarget(new URL('http://192.168.1.5/'), gate('net http://192.168.1.5'), never)).addresses).toEqual(['192.168.1.5']);
    await expect(pinTarget(new URL('http://169.254.169.254/latest'), gate('net http://localhost:*'), never)).rejects.toMatchObject({ code: 'egress-denied' });
  });

  it('names the grant that would allow a refused host', async () => {
    await expect(pinTarget(new URL('https://other.example/'), gate('net https://shop.example'), answers())).rejects.toMatchObject({ code: 'egress-denied', hint: 'Grant "net https://other.example" to the run.' });
  });

  it('says so when a name does not resolve', async () => {
    const fails: Resolver = () => Promise.reject(new Error('ENOTFOUND'));
    await expect(pinTarget(new URL('https://gone.example/'), gate('net https://gone.example'), fails)).rejects.toThrow('could not be resolved');
  });
});
