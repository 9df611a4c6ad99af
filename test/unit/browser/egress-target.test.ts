import { describe, expect, it } from 'vitest';
import { isBrowserBackground } from '../../../src/browser/browser-background.ts';
import { parsePlain, parseTunnel } from '../../../src/browser/egress-target.ts';
import { authorize } from '../../../src/policy/authorize.ts';
import { pinTarget } from '../../../src/policy/egress.ts';
import { parseGrants } from '../../../src/policy/grant.ts';
import type { Action } from '../../../src/policy/action.ts';

const gate = (...grants: string[]) => ({ allows: (action: Action) => authorize(action, parseGrants(grants, '/'), []).effect === 'allow' });
const nobody = () => Promise.reject(new Error('nobody should be asked'));

describe('a tunnel', () => {
  it('is taken as https on port 443, and elsewhere as whichever of https and http is granted', () => {
    expect(parseTunnel('shop.example:443', gate())?.href).toBe('https://shop.example/');
    expect(parseTunnel('shop.example:443', gate('net http://shop.example:443'))?.protocol).toBe('https:');
    expect(parseTunnel('localhost:5173', gate('net http://localhost:5173'))?.href).toBe('http://localhost:5173/');
    expect(parseTunnel('localhost:5173', gate('net https://localhost:5173'))?.href).toBe('https://localhost:5173/');
    expect(parseTunnel('shop.example:80', gate('net http://shop.example'))?.href).toBe('http://shop.example/');
    expect(parseTunnel('[::1]:8443', gate('net https://[::1]:8443'))?.href).toBe('https://[::1]:8443/');
  });

  it.each(['', 'shop.example', 'shop.example:', 'shop.example:99999', 'a b:443', 'user@shop.example:443', 'shop.example/x:443', ':443', 'shop.example:443:443'])('to "%s" is none', (target) => {
    expect(parseTunnel(target, gate())).toBeUndefined();
  });

  it('is decided on by the canonical form of odd addresses', () => {
    expect(parseTunnel('0x7f.1:80', gate())?.hostname).toBe('127.0.0.1');
    expect(parseTunnel('2130706433:8080', gate())?.hostname).toBe('127.0.0.1');
  });
});

describe('a plain request', () => {
  it('must be absolute, http, and without credentials', () => {
    expect(parsePlain('http://shop.example/a?b')?.href).toBe('http://shop.example/a?b');
    for (const target of ['/a', '', 'https://shop.example/', 'ftp://shop.example/', 'http://u:p@shop.example/', 'http://']) expect(parsePlain(target), target).toBeUndefined();
  });
});

describe('a route', () => {
  it('tries both loopback addresses for localhost, and for everything else what was checked', async () => {
    expect((await pinTarget(new URL('http://localhost:3000'), gate('net http://localhost:3000'), nobody)).addresses).toEqual(['127.0.0.1', '::1']);
    expect((await pinTarget(new URL('http://127.0.0.1:3000'), gate('net http://127.0.0.1:3000'), nobody)).addresses).toEqual(['127.0.0.1']);
    expect((await pinTarget(new URL('https://shop.example'), gate('net https://shop.example'), () => Promise.resolve(['93.184.215.14', '93.184.215.15']))).addresses).toEqual(['93.184.215.14', '93.184.215.15']);
  });

  it('is denied without asking the DNS where nothing grants it', async () => {
    await expect(pinTarget(new URL('https://evil.test'), gate('net https://shop.example'), nobody)).rejects.toMatchObject({ code: 'egress-denied' });
  });
});

describe('what a browser asks for by itself', () => {
  it.each(['accounts.google.com', 'update.googleapis.com', 'clients2.google.com', 'config.edge.skype.com'])('%s is its background', (host) => expect(isBrowserBackground(host)).toBe(true));
  it.each(['www.google.com', 'accounts.google.com.evil.test', 'clientsx.google.com', 'shop.example'])('%s is an attempt of a page', (host) => expect(isBrowserBackground(host)).toBe(false));
});
