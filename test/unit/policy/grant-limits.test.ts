import { describe, expect, it } from 'vitest';
import { begin } from '../../../src/policy/attenuate.ts';
import { authorize } from '../../../src/policy/authorize.ts';
import { GrantMeter } from '../../../src/policy/grant-meter.ts';
import { parseGrant } from '../../../src/policy/grant.ts';
import { parseRules } from '../../../src/policy/rules.ts';
import { reach } from './decisions.ts';

const grant = (text: string) => parseGrant(text, '/w');
const day = 86_400_000;

describe('limits of a grant', () => {
  it.each([
    ['net https://a.example {for 30m}', { forMs: 1_800_000 }],
    ['net https://a.example {for 1.5h}', { forMs: 5_400_000 }],
    ['browser {calls 3}', { calls: 3 }],
    ['exec npm test {calls 2, for 90s}', { calls: 2, forMs: 90_000 }],
    ['fs.write out/** {bytes 5MB}', { bytes: 5_000_000 }],
    ['mcp s:* { bytes 1KiB , calls 10 }', { bytes: 1024, calls: 10 }],
    ['model m {usd 0.50}', { usd: 0.5 }],
    ['model {usd 2}', { usd: 2 }],
    ['fs.read ** {until 2027-01-31}', { until: Date.UTC(2027, 1, 1) }],
    ['fs.read ** {until 2027-01-31T18:00Z}', { until: Date.UTC(2027, 0, 31, 18) }],
    ['fs.read ** {until 2027-01-31T18:00+02:00}', { until: Date.UTC(2027, 0, 31, 16) }],
  ])('are read from "%s"', (text, limits) => {
    expect(grant(text)).toMatchObject({ text, limits });
  });

  it.each(['fs.read src/{a,b}', 'fs.read {draft}', 'fs.write app/{id}/page.tsx', 'exec node -e "if (x) {y}"'])('are not seen in "%s", whose braces belong to a word', (text) => {
    expect(grant(text).limits).toBeUndefined();
  });

  it.each([
    ['browser {}', 'a limit is until, for, calls, bytes or usd'],
    ['browser {calls}', 'whole number of at least 1'],
    ['browser {calls 0}', 'whole number of at least 1'],
    ['browser {calls 1.5}', 'whole number of at least 1'],
    ['browser {calls 1, calls 2}', '"calls" is there twice'],
    ['browser {bytes 5MB}', 'counted for net, fs.read, fs.write, mcp only, not for browser'],
    ['net https://a.example {usd 1}', 'counted for model only, not for net'],
    ['net https://a.example {bytes 5}', 'needs a number and B'],
    ['net https://a.example {bytes 5mb}', 'needs a number and B'],
    ['net https://a.example {bytes 5constructor}', 'needs a number and B'],
    ['net https://a.example {for 30}', 'needs a number and s, m, h or d'],
    ['net https://a.example {for 0s}', 'needs a number and s, m, h or d'],
    ['net https://a.example {for -1h}', 'needs a number and s, m, h or d'],
    ['net https://a.example {until tomorrow}', 'needs a day'],
    ['net https://a.example {until 2027-02-30}', 'needs a day'],
    ['net https://a.example {until 2027-01-31T18:00}', 'a time with its zone'],
    ['model {usd 0}', 'above 0'],
    ['model {usd -1}', 'above 0'],
    ['exec npm test {forever}', 'a limit is until'],
  ])('that are wrong, as in "%s", are told exactly', (text, problem) => {
    expect(() => grant(text)).toThrow(expect.objectContaining({ code: 'invalid-grant', message: expect.stringContaining(problem) as string }) as Error);
  });

  it('end a grant at the moment that they say, and the reason says so', () => {
    const [held] = begin([grant('net https://a.example {for 1h}')], 0);
    expect(authorize(reach('https://a.example'), [held!], [], { now: 3_599_999 }).effect).toBe('allow');
    expect(authorize(reach('https://a.example'), [held!], [], { now: 3_600_000 })).toMatchObject({ effect: 'deny', reason: expect.stringContaining('expired at 1970-01-01T01:00:00.000Z') as string });
    const dated = grant('net https://a.example {until 2027-01-31}');
    expect(authorize(reach('https://a.example'), [dated], [], { now: Date.UTC(2027, 1, 1) - 1 }).effect).toBe('allow');
    expect(authorize(reach('https://a.example'), [dated], [], { now: Date.UTC(2027, 1, 1) }).effect).toBe('deny');
  });

  it('count a use only against the grant that is needed: one without limits comes first, whatever their order', () => {
    const grants = begin([grant('net https://a.example {calls 1}'), grant('net https://*.example')]);
    for (const order of [grants, [...grants].reverse()]) expect(authorize(reach('https://a.example'), order, []).grant?.text).toBe('net https://*.example');
  });

  it('let a rule end on a day, and refuse one that would have to be counted', () => {
    const written = (text: string) => parseRules([{ effect: 'deny', grant: text, origin: 'settings.json:3' }], '/w');
    const rules = written('net https://a.example {until 2027-01-31}');
    expect(authorize(reach('https://a.example'), [grant('net https://a.example')], rules, { now: Date.UTC(2027, 0, 1) }).effect).toBe('deny');
    expect(authorize(reach('https://a.example'), [grant('net https://a.example')], rules, { now: Date.UTC(2027, 1, 2) }).effect).toBe('allow');
    for (const text of ['browser {calls 1}', 'browser {for 1h}', 'model {usd 1}']) expect(() => written(text)).toThrow(expect.objectContaining({ code: 'invalid-grant', message: expect.stringContaining('settings.json:3') as string }) as Error);
  });
});

describe('a meter', () => {
  it('counts what a child uses against its parent, and gives the child no more than that has left', () => {
    const parent = new GrantMeter({ calls: 3 }, 0);
    parent.use({ calls: 1 });
    const child = new GrantMeter({ calls: 10 }, 0, parent);
    expect(child.limits.calls).toBe(2);
    expect([child.use({ calls: 1 }), child.use({ calls: 1 })]).toEqual([undefined, undefined]);
    expect(parent.over(0)).toBe('has used up its 3 calls');
    expect(child.over(0)).toBe('has used up its 2 calls');
  });

  it('counts also what goes over, and says so', () => {
    const meter = new GrantMeter({ bytes: 10 }, 0);
    expect(meter.use({ bytes: 11 })).toEqual({ what: 'bytes', limit: 10 });
    expect(meter.left('bytes')).toBe(-1);
  });

  it('counts the bytes of each host by itself where the limit is for each, and those of a child against its parent', () => {
    const parent = new GrantMeter({ hostBytes: 10 }, 0);
    const child = new GrantMeter({ hostBytes: 50 }, 0, parent);
    expect(child.limits.hostBytes).toBe(10);
    expect(parent.use({ bytes: 8, host: 'a.example:443' })).toBeUndefined();
    expect(child.use({ bytes: 8, host: 'b.example:443' })).toBeUndefined();
    expect(child.use({ bytes: 5, host: 'a.example:443' })).toEqual({ what: 'hostBytes', limit: 10 });
    expect(child.over(0, 'a.example:443')).toBe('has used up its 10 bytes for a.example:443');
    expect(child.over(0, 'b.example:443')).toBeUndefined();
    expect(child.over(0)).toBeUndefined();
  });

  it('gives nothing to hosts beyond those that it can count', () => {
    const meter = new GrantMeter({ hostBytes: 10 }, 0);
    for (let i = 0; i < 10_000; i++) meter.use({ bytes: 1, host: `h${i}.example:443` });
    expect(meter.over(0, 'h9999.example:443')).toBeUndefined();
    expect(meter.over(0, 'one-more.example:443')).toContain('has used up');
  });

  it('never ends later than that of the parent', () => {
    const child = new GrantMeter({ forMs: 5 * day }, day, new GrantMeter({ forMs: day }, 0));
    expect(child.limits.until).toBe(day);
    expect(new GrantMeter({}, day, new GrantMeter({ forMs: day }, 0)).over(day)).toContain('expired');
  });
});
