import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/policy/action.ts';
import { attenuate, begin, isWithin } from '../../../src/policy/attenuate.ts';
import { authorize } from '../../../src/policy/authorize.ts';
import { parseGrant, parseGrants, type Grant } from '../../../src/policy/grant.ts';
import { reach } from './decisions.ts';

const workspace = '/w';

/** Few words, so that grants and actions often meet. */
const name = fc.constantFrom('a', 'b', 'ab', '.git', '.env', 'A');
const path = fc.array(name, { maxLength: 3 }).map((names) => names.join('/'));
const pathGrant = fc.tuple(fc.constantFrom('fs.read', 'fs.write'), fc.constantFrom('', '../', '/', '/proc/'), path, fc.constantFrom('', '*', '**'))
  .map(([kind, start, names, stars]) => `${kind} ${start}${names}${names !== '' && stars !== '' ? '/' : ''}${stars || (names === '' ? '.' : '')}`);
const host = fc.constantFrom('a.example', 'b.a.example', 'c.b.a.example', '127.0.0.1', '[::ffff:127.0.0.1]', 'example');
const netGrant = fc.tuple(fc.constantFrom('http', 'https', 'ws', 'wss'), fc.constantFrom('', '*.'), host, fc.constantFrom('', ':8080', ':*')).map(([scheme, star, name_, port]) => `net ${scheme}://${/^[\d[]/.test(name_) ? '' : star}${name_}${port}`);
const word = fc.constantFrom('git', 'npx', 'node', 'x', '-c', '-e', '--config=y', 'config', './t');
const execGrant = fc.tuple(word, fc.array(fc.oneof(word, fc.constant('*')), { maxLength: 3 }), fc.constantFrom('', ' **')).map(([first, rest, more]) => `exec ${[first, ...rest].join(' ')}${more}`);
const pin = `@sha256-${'A'.repeat(43)}`;
const otherPin = `@sha256-${'B'.repeat(43)}`;
const nameGrant = fc.constantFrom(`mcp s${pin}:*`, `mcp s:t${pin}`, `mcp s${pin}:t${pin}`, `mcp s${otherPin}:t`, 'package a', 'package *', 'node src/a.ts', 'fn.serve', 'mcp s:*', 'mcp s:t', 'mcp s2:t', 'model', 'model m', 'model *', 'secret K', 'secret *', 'browser', 'clock', 'random');
const plainGrant = fc.oneof(pathGrant, netGrant, execGrant, nameGrant);
const limits = fc.constantFrom('', '', ' {calls 1}', ' {calls 3}', ' {for 10s}', ' {for 1h}', ' {until 1970-01-01}', ' {for 20s, calls 2}');
const grantText = fc.tuple(plainGrant, limits).map(([text, limit]) => text + limit);

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.tuple(fc.constantFrom('fs.read', 'fs.write'), fc.constantFrom('/w', '', '/proc'), path).map(([kind, start, names]): Action => ({ kind: kind as 'fs.read', path: `${start}/${names}`.replace(/(.)\/$/, '$1') })),
  fc.tuple(fc.constantFrom('http', 'https', 'ws', 'wss'), host.map((text) => text.replaceAll(/[[\]]/g, '').replace('::ffff:', '')), fc.constantFrom(80, 443, 8080)).map(([scheme, to, port]): Action => ({ kind: 'net', scheme, host: to, port })),
  fc.tuple(word, fc.array(word, { maxLength: 4 }), fc.constantFrom('/w', '/w/a')).map(([first, rest, cwd]): Action => ({ kind: 'exec', argv: [first, ...rest], cwd })),
  fc.constantFrom<Action>({ kind: 'mcp', server: 's', tool: 't', pins: { server: pin.slice(1), tool: pin.slice(1) } }, { kind: 'mcp', server: 's', tool: 't', pins: { server: otherPin.slice(1), tool: pin.slice(1) } }, { kind: 'package', name: 'a' }, { kind: 'fn.serve' }, { kind: 'mcp', server: 's', tool: 't' }, { kind: 'mcp', server: 's', tool: 'u' }, { kind: 'mcp', server: 's2', tool: 't' }, { kind: 'model', model: 'm' }, { kind: 'model', model: 'n' }, { kind: 'secret', name: 'K' }, { kind: 'secret', name: 'L' }, { kind: 'browser' }, { kind: 'clock' }, { kind: 'random' }),
);

const grants = fc.array(grantText, { maxLength: 6 }).map((texts) => begin(parseGrants(texts, workspace), 0));
const unlimited = fc.array(plainGrant, { maxLength: 6 }).map((texts) => parseGrants(texts, workspace));
const moment = fc.constantFrom(0, 5_000, 15_000, 60_000, 86_400_000);
const allowed = (subject: Action, held: readonly Grant[], now = 0) => authorize(subject, held, [], { now }).effect === 'allow';

describe('a child run', () => {
  it('may never do what its parent may not', () => {
    fc.assert(fc.property(grants, grants, fc.array(action, { minLength: 20, maxLength: 60 }), moment, moment, (parents, wanted, actions, start, now) => {
      const { granted } = attenuate(parents, wanted, start);
      for (const each of actions) if (allowed(each, granted, now)) expect(allowed(each, parents, now), `${JSON.stringify(each)} by ${granted.map((grant) => grant.text).join(', ')} under ${parents.map((grant) => grant.text).join(', ')}`).toBe(true);
    }), { numRuns: 3000 });
  });

  it('gets no more than it wants either', () => {
    fc.assert(fc.property(grants, grants, fc.array(action, { minLength: 20, maxLength: 60 }), (parents, wanted, actions) => {
      const { granted } = attenuate(parents, wanted);
      for (const each of actions) if (allowed(each, granted)) expect(allowed(each, wanted), JSON.stringify(each)).toBe(true);
    }), { numRuns: 1000 });
  });

  it('cannot, together with its parent and its siblings, call more often than the parent may, nor later', () => {
    const limited = fc.tuple(plainGrant, fc.integer({ min: 1, max: 4 })).map(([text, calls]) => ({ calls, grant: parseGrant(`${text} {calls ${calls}, for 10s}`, workspace) }));
    fc.assert(fc.property(limited, grants, grants, fc.array(fc.tuple(fc.constantFrom(0, 1, 2), action, fc.constantFrom(0, 9_999, 10_000)), { minLength: 20, maxLength: 80 }), ({ calls, grant }, first, second, attempts) => {
      const parents = begin([grant], 0);
      const family = [parents, attenuate(parents, first, 0).granted, attenuate(parents, second, 0).granted];
      let done = 0;
      for (const [who, each, now] of attempts) {
        const decision = authorize(each, family[who]!, [], { now });
        if (decision.effect !== 'allow') continue;
        decision.grant?.meter?.use({ calls: 1 });
        done += 1;
        expect(now).toBeLessThan(10_000);
      }
      expect(done).toBeLessThanOrEqual(calls);
    }), { numRuns: 2000 });
  });

  it('shares one count with its siblings', () => {
    const [parent] = begin(parseGrants(['mcp s:* {calls 2}'], workspace));
    const [one, two] = [1, 2].map(() => attenuate([parent!], parseGrants(['mcp s:t'], workspace)).granted[0]!);
    expect(one!.text).toBe('mcp s:t {calls 2}');
    for (const child of [one!, two!]) child.meter!.use({ calls: 1 });
    expect(allowed({ kind: 'mcp', server: 's', tool: 't' }, [one!])).toBe(false);
    expect(allowed({ kind: 'mcp', server: 's', tool: 't' }, [parent!])).toBe(false);
  });

  it('gets all that it wants where it wants what its parent has', () => {
    fc.assert(fc.property(unlimited, (held) => {
      expect(attenuate(held, held)).toEqual({ granted: held, refused: [] });
    }));
  });

  it('is narrowed again by each generation', () => {
    fc.assert(fc.property(grants, grants, grants, fc.array(action, { minLength: 10, maxLength: 30 }), (first, second, third, actions) => {
      const grandchild = attenuate(attenuate(first, second).granted, third).granted;
      for (const each of actions) if (allowed(each, grandchild)) expect(allowed(each, first)).toBe(true);
    }), { numRuns: 500 });
  });

  it.each([
    ['fs.write **', 'fs.write src/**', true],
    ['fs.write src/**', 'fs.write **', false],
    ['fs.write **', 'fs.write .git/**', false],
    ['fs.write .git/**', 'fs.write .git/hooks/*', true],
    ['fs.read **', 'fs.read .env', false],
    ['fs.read /**', 'fs.read /proc/self/environ', false],
    ['fs.read src/*', 'fs.read src/a', true],
    ['fs.read src/*', 'fs.read src/**', false],
    ['fs.read src/*', 'fs.read src', false],
    ['fs.read src', 'fs.write src', false],
    ['net https://*.a.example:*', 'net https://b.a.example', true],
    ['net https://*.a.example', 'net https://*.b.a.example', true],
    ['net https://*.b.a.example', 'net https://*.a.example', false],
    ['net https://*.a.example', 'net https://a.example', false],
    ['net https://a.example', 'net wss://a.example', true],
    ['net wss://a.example', 'net https://a.example', false],
    ['net https://a.example', 'net https://a.example:*', false],
    ['exec git **', 'exec git status', true],
    ['exec git **', 'exec git -c x=y **', false],
    ['exec git status', 'exec git status **', false],
    ['exec npm *', 'exec npm test', true],
    ['exec npm test', 'exec npm *', false],
    ['exec **', 'exec npx evil', false],
    ['mcp s:*', 'mcp s:t', true],
    ['mcp s:t', 'mcp s:*', false],
    ['model', 'model m', true],
    ['model m', 'model', false],
    ['secret K', 'secret *', false],
    ['mcp s:*', `mcp s${pin}:t${pin}`, true],
    [`mcp s${pin}:*`, 'mcp s:t', false],
    [`mcp s${pin}:*`, `mcp s${pin}:t`, true],
    [`mcp s${pin}:*`, `mcp s${otherPin}:t`, false],
    [`mcp s:t${pin}`, 'mcp s:t', false],
    [`mcp s:t${pin}`, `mcp s:t${otherPin}`, false],
  ])('under "%s" may be handed "%s": %s', (parent, child, within) => {
    expect(isWithin(parseGrant(child, workspace), [parseGrant(parent, workspace)])).toBe(within);
  });

  it('that wants more is told so, and gets what there is of it', () => {
    const { granted, refused } = attenuate(parseGrants(['net https://a.example', 'fs.read src/**'], workspace), parseGrants(['net https://a.example', 'fs.read **', 'browser'], workspace));
    expect(granted.map((grant) => grant.text)).toEqual(['net https://a.example', 'fs.read src/**']);
    expect(refused.map((grant) => grant.text)).toEqual(['fs.read **', 'browser']);
  });

  it('that is handed one thing from a pattern has not been allowed that thing by name: after untrusted text it is asked', () => {
    const [handed] = attenuate(parseGrants(['net https://*.example'], workspace), parseGrants(['net https://evil.example'], workspace)).granted;
    const [own] = attenuate(parseGrants(['net https://evil.example', 'net https://*.example'], workspace), parseGrants(['net https://evil.example'], workspace)).granted;
    const untrusted = { sources: [{ kind: 'web', source: 'https://news.example' }], knows: () => false, workspace } as const;
    const effect = (grant: Grant) => authorize(reach('https://evil.example'), [grant], [], { untrusted }).effect;
    expect([effect(handed!), effect(own!)]).toEqual(['ask', 'allow']);
    // Nor does it become exact by being handed on once more.
    expect(effect(attenuate([handed!], [own!]).granted[0]!)).toBe('ask');
  });
});
