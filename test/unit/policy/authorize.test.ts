import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/policy/action.ts';
import { authorize, type Rule } from '../../../src/policy/authorize.ts';
import { parseGrant } from '../../../src/policy/grant.ts';

const workspace = '/w';
const grant = (text: string) => parseGrant(text, workspace);
const rule = (effect: Rule['effect'], text: string): Rule => ({ effect, grant: grant(text), origin: `settings.json: ${effect} ${text}` });
const site: Action = { kind: 'net', scheme: 'https', host: 'a.example', port: 443 };

describe('authorize', () => {
  it('denies what nothing names', () => {
    expect(authorize(site, [], [])).toMatchObject({ effect: 'deny', reason: 'No grant of this run covers it.' });
  });

  it('allows what a grant names, and says which', () => {
    expect(authorize(site, [grant('net https://a.example')], [])).toMatchObject({ effect: 'allow', reason: 'Granted by "net https://a.example".', rule: 'net https://a.example' });
  });

  it('lets a deny rule beat a grant and every other rule', () => {
    const rules = [rule('allow', 'net https://a.example'), rule('deny', 'net https://*.example'), rule('ask', 'net https://a.example')];
    expect(authorize(site, [grant('net https://a.example')], rules)).toMatchObject({ effect: 'deny', rule: 'settings.json: deny net https://*.example' });
  });

  it('lets an ask rule beat a grant', () => {
    expect(authorize(site, [grant('net https://a.example')], [rule('ask', 'net https://a.example')]).effect).toBe('ask');
  });

  const hook: Action = { kind: 'fs.write', path: '/w/.git/hooks/pre-commit' };

  it.each([
    ['fs.write **', '/w/.git/hooks/pre-commit', false],
    ['fs.write **', '/w/packages/a/.GIT/config', false],
    ['fs.write **', '/w/.assassin/chains/more.ts', false],
    ['fs.write **', '/w/shop.code-workspace', false],
    ['fs.write /w/**', '/w/.vscode/tasks.json', false],
    ['fs.write **', '/w/.gitignore', true],
    ['fs.write **', '/w/src/a.ts', true],
    ['fs.write .git/**', '/w/.git/hooks/pre-commit', true],
    ['fs.write .git/hooks/*', '/w/.git/hooks/pre-commit', true],
    ['fs.write .vscode/settings.json', '/w/.vscode/settings.json', true],
    ['fs.write .assassin/**', '/w/.assassin/.git/config', false],
  ])('decides on protected paths by whether the grant names them: "%s" for %s is %s', (text, path, allowed) => {
    expect(authorize({ kind: 'fs.write', path }, [grant(text)], []).effect).toBe(allowed ? 'allow' : 'deny');
    expect(authorize({ kind: 'fs.write', path }, [], [rule('allow', text)]).effect).toBe(allowed ? 'allow' : 'deny');
  });

  it('says that a protected path is the reason, lets broad denials hold for it and broad reads reach it', () => {
    expect(authorize(hook, [grant('fs.write **')], []).reason).toBe('It is a protected path, which "fs.write **" does not cover because it does not name it.');
    expect(authorize(hook, [grant('fs.write .git/**')], [rule('deny', 'fs.write **')]).effect).toBe('deny');
    expect(authorize(hook, [grant('fs.write .git/**')], [rule('ask', 'fs.write **')]).effect).toBe('ask');
    expect(authorize({ kind: 'fs.read', path: '/w/.git/HEAD' }, [grant('fs.read **')], []).effect).toBe('allow');
  });

  const texts = ['net https://a.example', 'net https://*.example', 'net http://a.example', 'browser', 'mcp a:*', 'fs.read **', 'clock'];
  const actions: readonly Action[] = [site, { kind: 'browser' }, { kind: 'mcp', server: 'a', tool: 't' }, { kind: 'fs.read', path: '/w/x' }, { kind: 'clock' }, { kind: 'random' }];
  const rules = fc.array(fc.tuple(fc.constantFrom('allow', 'ask', 'deny' as const), fc.constantFrom(...texts)).map(([effect, text]) => rule(effect as Rule['effect'], text)));

  it('gives the same effect in whatever order rules stand', () => {
    fc.assert(fc.property(rules, fc.constantFrom(...actions), fc.subarray(texts), (list, action, granted) => {
      const grants = granted.map(grant);
      expect(authorize(action, grants, list.toReversed()).effect).toBe(authorize(action, grants, list).effect);
    }));
  });

  it('never allows more with fewer grants or with one more deny rule', () => {
    fc.assert(fc.property(rules, fc.constantFrom(...actions), fc.subarray(texts), fc.constantFrom(...texts), (list, action, granted, extra) => {
      const all = granted.map(grant);
      if (authorize(action, all.slice(1), list).effect === 'allow') expect(authorize(action, all, list).effect).toBe('allow');
      const effect = authorize(action, all, list).effect;
      const tightened = authorize(action, all, [...list, rule('deny', extra)]).effect;
      expect(tightened === effect || tightened === 'deny').toBe(true);
    }));
  });
});
