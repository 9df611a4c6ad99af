import { describe, expect, it } from 'vitest';
import { grantFor, type Action } from '../../../src/policy/action.ts';
import { authorize } from '../../../src/policy/authorize.ts';
import { covers, parseGrant } from '../../../src/policy/grant.ts';

const workspace = '/w';
const effect = (grant: string, action: Action) => authorize(action, [parseGrant(grant, workspace)], []).effect;

describe('grants for packages, Node and serving', () => {
  it.each<[string, Action, 'allow' | 'deny']>([
    ['package zod', { kind: 'package', name: 'zod' }, 'allow'],
    ['package @s/x', { kind: 'package', name: '@s/x' }, 'allow'],
    ['package *', { kind: 'package', name: 'zod' }, 'allow'],
    ['package zod', { kind: 'package', name: 'Zod' }, 'deny'],
    ['package zod', { kind: 'package', name: 'zod-to-json-schema' }, 'deny'],
    ['node src/a.ts', { kind: 'node', path: '/w/src/a.ts' }, 'allow'],
    ['node src/**', { kind: 'node', path: '/w/src/deep/a.ts' }, 'allow'],
    ['node src/a.ts', { kind: 'node', path: '/w/src/b.ts' }, 'deny'],
    ['fs.read **', { kind: 'node', path: '/w/src/a.ts' }, 'deny'],
    ['node **', { kind: 'fs.read', path: '/w/src/a.ts' }, 'deny'],
    ['exec **', { kind: 'node', path: '/w/src/a.ts' }, 'deny'],
    ['fn.serve', { kind: 'fn.serve' }, 'allow'],
    ['net http://127.0.0.1:*', { kind: 'fn.serve' }, 'deny'],
  ])('%s: %j is %s', (grant, action, expected) => {
    expect(effect(grant, action)).toBe(expected);
  });

  it('are named by the error as one writes them', () => {
    expect(grantFor({ kind: 'node', path: '/w/src/a.ts' }, workspace)).toBe('node src/a.ts');
    expect(grantFor({ kind: 'package', name: '@s/x' }, workspace)).toBe('package @s/x');
    expect(grantFor({ kind: 'fn.serve' }, workspace)).toBe('fn.serve');
  });

  it('are handed on to children only where the parent has them', () => {
    const grant = (text: string) => parseGrant(text, workspace);
    expect(covers(grant('package *'), grant('package zod'))).toBe(true);
    expect(covers(grant('package zod'), grant('package *'))).toBe(false);
    expect(covers(grant('node src/**'), grant('node src/a.ts'))).toBe(true);
    expect(covers(grant('fs.read **'), grant('node src/a.ts'))).toBe(false);
    expect(covers(grant('secret zod'), grant('package zod'))).toBe(false);
  });

  it.each(['package', 'node', 'fn.serve now', 'package a b'])('%j is no grant', (text) => {
    expect(() => parseGrant(text, workspace)).toThrow(/resource|space/);
  });
});
