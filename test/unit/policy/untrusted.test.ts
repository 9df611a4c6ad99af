import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/policy/action.ts';
import { isExact } from '../../../src/policy/breadth.ts';
import { authorize, type Rule } from '../../../src/policy/authorize.ts';
import { parseGrant, parseGrants } from '../../../src/policy/grant.ts';
import { sourceOf, UntrustedFiles } from '../../../src/policy/untrusted-files.ts';
import { placeOf, type Untrusted } from '../../../src/policy/untrusted.ts';
import type { DecisionEffect } from '../../../src/shared/events.ts';
import { reach, read, run, workspace, write } from './decisions.ts';

const known = new Set(['https://news.example:443', 'mcp crm']);
const untrusted: Untrusted = { sources: [{ kind: 'web', source: 'https://news.example' }], knows: (action) => known.has(placeOf(action) ?? ''), workspace };
const mcp = (server: string, tool = 'x'): Action => ({ kind: 'mcp', server, tool });
const secret = (name: string): Action => ({ kind: 'secret', name });
const node: Action = { kind: 'node', path: `${workspace}/tools/build.ts` };

/** A grant, what is done after text of strangers was read, and what the one function says. */
const cases: readonly (readonly [grant: string, action: Action, effect: DecisionEffect])[] = [
  ['net https://*.example', reach('https://news.example/a'), 'allow'],
  ['net https://*.example', reach('wss://news.example/socket'), 'allow'],
  ['net https://*.example:*', reach('https://news.example:8443'), 'ask'],
  ['net https://*.example', reach('https://evil.example'), 'ask'],
  ['net https://*.news.example', reach('https://data.news.example'), 'ask'],
  ['net https://evil.example', reach('https://evil.example'), 'allow'],
  ['net https://evil.example:*', reach('https://evil.example'), 'ask'],
  ['net http://*.example', reach('http://news.example'), 'ask'],
  ['mcp crm:*', mcp('crm', 'list'), 'ask'],
  ['mcp crm:list', mcp('crm', 'list'), 'allow'],
  ['mcp mail:*', mcp('mail', 'send'), 'ask'],
  ['mcp mail:send', mcp('mail', 'send'), 'allow'],
  ['mcp mail:read', mcp('mail', 'send'), 'deny'],
  ['exec npm test', run('npm', 'test'), 'allow'],
  ['exec npm run *', run('npm', 'run', 'build'), 'ask'],
  ['exec curl **', run('curl', 'https://evil.example'), 'ask'],
  ['exec **', run('ls'), 'ask'],
  ['node tools/**', node, 'ask'],
  ['node tools/build.ts', node, 'allow'],
  ['secret *', secret('TOKEN'), 'ask'],
  ['secret TOKEN', secret('TOKEN'), 'allow'],
  ['fs.write **', write(`${workspace}/src/a.ts`), 'allow'],
  ['fs.write .git/**', write(`${workspace}/.git/hooks/pre-commit`), 'ask'],
  ['fs.write .vscode/*', write(`${workspace}/.vscode/tasks.json`), 'ask'],
  ['fs.write .github/**', write(`${workspace}/.GitHub/workflows/ci.yml`), 'deny'],
  ['fs.write .git/hooks/pre-commit', write(`${workspace}/.git/hooks/pre-commit`), 'allow'],
  ['fs.write **', write(`${workspace}/.git/hooks/pre-commit`), 'deny'],
  ['fs.write /home/ada/.ssh/**', write('/home/ada/.ssh/authorized_keys'), 'ask'],
  ['fs.read **', read(`${workspace}/src/a.ts`), 'allow'],
  ['fs.read /etc/**', read('/etc/hosts'), 'allow'],
  ['browser', { kind: 'browser' }, 'allow'],
  ['model', { kind: 'model', model: 'm' }, 'allow'],
  ['clock', { kind: 'clock' }, 'allow'],
  ['random', { kind: 'random' }, 'allow'],
  ['fn.serve', { kind: 'fn.serve' }, 'allow'],
  ['package *', { kind: 'package', name: 'zod' }, 'allow'],
];

describe('after text of strangers was read', () => {
  it.each(cases)('"%s" for %j is %s', (text, action, effect) => {
    expect(authorize(action, [parseGrant(text, workspace)], [], { untrusted }).effect).toBe(effect);
    const rule: Rule = { effect: 'allow', grant: parseGrant(text, workspace), origin: 'settings.json:1' };
    expect(authorize(action, [], [rule], { untrusted }).effect).toBe(effect);
  });

  it.each(cases.filter(([, , effect]) => effect === 'ask'))('"%s" for %j would have been allowed before, and is after an answer for this run', (text, action) => {
    const grants = [parseGrant(text, workspace)];
    expect(authorize(action, grants, []).effect).toBe('allow');
    expect(authorize(action, grants, [], { untrusted, answers: grants }).effect).toBe('allow');
    expect(authorize(action, grants, [{ effect: 'deny', grant: grants[0]!, origin: 'settings.json:1' }], { untrusted, answers: grants }).effect).toBe('deny');
  });

  it('says what was read, what could happen and which grant is too broad', () => {
    expect(authorize(reach('https://evil.example'), [parseGrant('net https://*.example', workspace, { origin: 'c.ts:3' })], [], { untrusted })).toMatchObject({
      cause: 'untrusted',
      reason: 'The run has read the web at https://news.example, and this would send data to another place than it has read from; "net https://*.example" (c.ts:3) does not name it exactly.',
    });
  });

  const texts = fc.subarray(['net https://*.example', 'net https://evil.example', 'mcp mail:*', 'mcp mail:send', 'exec **', 'exec npm test', 'secret *', 'fs.write **', 'fs.write .git/**', 'net https://*.example {calls 1}']);
  const action = fc.constantFrom(...cases.map(([, each]) => each));

  it('nothing is allowed that would not have been allowed before, whatever the grants', () => {
    fc.assert(fc.property(texts, action, (held, each) => {
      const grants = parseGrants(held, workspace);
      if (authorize(each, grants, [], { untrusted }).effect === 'allow') expect(authorize(each, grants, []).effect).toBe('allow');
    }), { numRuns: 2000 });
  });

  it('neither the order of grants nor that of rules changes what is decided, and which grant pays', () => {
    const effects = fc.constantFrom<DecisionEffect>('allow', 'ask', 'deny');
    const rules = fc.array(fc.tuple(effects, fc.constantFrom('net https://*.example', 'mcp mail:send', 'exec npm test', 'secret *')), { maxLength: 4 })
      .map((list) => list.map(([effect, text], i): Rule => ({ effect, grant: parseGrant(text, workspace), origin: `settings.json:${i}` })));
    fc.assert(fc.property(texts, rules, action, fc.boolean(), fc.boolean(), (held, standing, each, after, askUngranted) => {
      const grants = parseGrants(held, workspace);
      const options = { askUngranted, ...(after ? { untrusted } : {}) };
      const one = authorize(each, grants, standing, options);
      const other = authorize(each, grants.toReversed(), standing.toReversed(), options);
      expect(other.effect).toBe(one.effect);
      if (one.rule?.startsWith('settings') !== true) expect(other.grant?.limits).toEqual(one.grant?.limits);
    }), { numRuns: 2000 });
  });
});

describe('after results of MCP servers were read', () => {
  const listed = (...servers: readonly string[]) => servers.map((server) => ({ kind: 'mcp', source: `${server}:tools/list` }) as const);
  const after = (sources: Untrusted['sources'], action: Action) => authorize(action, parseGrants(['mcp crm:*', 'mcp mail:*'], workspace), [], { untrusted: { ...untrusted, sources } });
  const crm = { kind: 'mcp', source: 'crm:search' } as const;

  it('the server that they came from may be called again by a broad grant, whatever else was described', () => {
    expect(after([crm], mcp('crm')).effect).toBe('allow');
    expect(after([...listed('crm', 'mail'), crm, { kind: 'mcp', source: 'crm:list' }], mcp('crm')).effect).toBe('allow');
  });

  it('another server is asked about, also one that was called before or whose name begins alike', () => {
    expect(after([crm], mcp('mail', 'send'))).toMatchObject({ effect: 'ask', cause: 'untrusted', reason: expect.stringContaining('the MCP server mail, from which it has read nothing') as string });
    expect(after([{ kind: 'mcp', source: 'mail:read' }], mcp('crm'))).toMatchObject({ effect: 'ask', reason: expect.stringContaining('not all that was read came from there') as string });
    expect(after([crm, { kind: 'mcp', source: 'crm2:x' }], mcp('crm')).effect).toBe('ask');
    expect(after([crm, { kind: 'file', source: 'crm:search' }], mcp('crm')).effect).toBe('ask');
  });

  it('the question names what was read, and descriptions only where there is nothing else', () => {
    const { reason } = after([...listed('crm', 'mail'), crm], mcp('mail', 'send'));
    expect(reason).toContain('the MCP tool crm:search');
    expect(reason).not.toContain('tools/list');
    expect(after(listed('crm'), mcp('mail', 'send')).reason).toContain('crm:tools/list');
  });

  it('of a list of sources that is full nobody knows what else was read', () => {
    expect(after(Array.from({ length: 50 }, (_, i) => ({ kind: 'mcp', source: `crm:t${i}` }) as const), mcp('crm')).effect).toBe('ask');
  });
});

describe('what a grant names', () => {
  it.each([
    ['net https://a.example', true], ['net https://*.a.example', false], ['net https://a.example:*', false], ['exec npm test', true], ['exec npm *', false], ['exec npm **', false], ['mcp s:t', true], ['mcp s:*', false],
    ['fs.write a', true], ['fs.write a/*', false], ['fs.write **', false], ['secret K', true], ['secret *', false], ['model', false], ['browser', true], ['node a.ts', true], ['node src/**', false], ['package zod', true], ['package *', false],
  ])('"%s" is exact: %s', (text, exact) => {
    expect(isExact(parseGrant(text, workspace))).toBe(exact);
  });
});

describe('text of strangers', () => {
  const files = new UntrustedFiles(workspace);
  it.each([
    [reach('https://a.example'), { kind: 'web', source: 'https://a.example' }],
    [mcp('s', 't'), { kind: 'mcp', source: 's:t' }],
    [run('git', 'log'), { kind: 'command', source: 'git log' }],
    [read('/etc/motd'), { kind: 'file', source: '/etc/motd' }],
    [read(`${workspace}2/a`), { kind: 'file', source: `${workspace}2/a` }],
    [read(`${workspace}/node_modules/x/README.md`), { kind: 'file', source: `${workspace}/node_modules/x/README.md` }],
    [read(`${workspace}/vendor/x.md`), { kind: 'file', source: `${workspace}/vendor/x.md` }],
    [read(`${workspace}/src/a.ts`), undefined],
    [read(workspace), undefined],
    [write(`${workspace}/node_modules/x`), undefined],
    [secret('K'), undefined],
  ] as const)('in the answer to %j: %j', (action, source) => {
    expect(sourceOf(action, files)).toEqual(source);
  });
});
