import { describe, expect, it } from 'vitest';
import { describeAction } from '../../../src/policy/action.ts';
import { covers, parseGrant, permits } from '../../../src/policy/grant.ts';

const grant = (text: string) => parseGrant(text, '/w');
const here = { kind: 'browser' } as const;
const there = { kind: 'browser', endpoint: 'ws://10.0.0.7:9222' } as const;

describe('a grant for browsers', () => {
  it('is for throwaway ones on this machine unless it names another place', () => {
    expect(permits(grant('browser'), here)).toBe(true);
    expect(permits(grant('browser'), there)).toBe(false);
    expect(permits(grant('browser ws://10.0.0.7:9222'), there)).toBe(true);
    expect(permits(grant('browser ws://10.0.0.7:9222'), here)).toBe(false);
  });

  it('names host, port and whether the way there is encrypted', () => {
    expect(permits(grant('browser wss://10.0.0.7:9222'), there)).toBe(false);
    expect(permits(grant('browser ws://10.0.0.7:9223'), there)).toBe(false);
    expect(permits(grant('browser WS://10.0.0.7:9222/'), there)).toBe(true);
  });

  it('covers another one only where both are for the same place', () => {
    expect(covers(grant('browser'), grant('browser'))).toBe(true);
    expect(covers(grant('browser'), grant('browser ws://10.0.0.7:9222'))).toBe(false);
    expect(covers(grant('browser ws://10.0.0.7:9222'), grant('browser ws://10.0.0.7:9222/'))).toBe(true);
  });

  it('is what the action reads as', () => {
    expect(describeAction(here)).toBe('browser');
    expect(permits(grant(describeAction(there)), there)).toBe(true);
  });

  it.each(['browser ws://browsers.example/?token=abc', 'browser ws://user:key@browsers.example', 'browser ws://browsers.example/session/1'])('is refused as "%s", because grants are recorded and keys must not be', (text) => {
    expect(() => grant(text)).toThrow(expect.objectContaining({ code: 'invalid-grant' }));
  });

  it.each(['browser https://shop.example', 'browser shop.example', 'browser file:///x'])('is refused as "%s", which reads as if pages were limited by it', (text) => {
    expect(() => grant(text)).toThrow('takes no resource but');
  });
});
