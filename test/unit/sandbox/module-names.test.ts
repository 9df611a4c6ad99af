import { describe, expect, it } from 'vitest';
import { loadModule, resolveModule } from '../../../src/sandbox/module-names.ts';

const modules = new Map([
  ['main.ts', 'main'], ['lib/a.ts', 'a'], ['lib/b.js', 'b'], ['./dotted.ts', 'dotted'], ['/abs/c.mts', 'c'], ['assassin', 'tools'], ['pkg/sub.js', 'sub'],
]);
const load = (importer: string, specifier: string) => loadModule(resolveModule(importer, specifier, modules), modules);

describe('imports between the modules of a program', () => {
  it('are resolved against the importing module, and against nothing but the given names', () => {
    expect(load('main.ts', './lib/a.ts')).toBe('a');
    expect(load('lib/a.ts', './b.js')).toBe('b');
    expect(load('lib/a.ts', '../main.ts')).toBe('main');
    expect(load('lib/a.ts', '.././lib//b.js')).toBe('b');
    expect(load('main.ts', './dotted.ts')).toBe('dotted');
    expect(load('/abs/x.ts', './c.mjs')).toBe('c');
    expect(load('lib/a.ts', 'assassin')).toBe('tools');
    expect(load('main.ts', 'pkg/sub.js')).toBe('sub');
  });

  it('find a TypeScript module under the name that its JavaScript would have', () => {
    expect(load('main.ts', './lib/a.js')).toBe('a');
  });

  it.each(['./lib/a', './nothing.js', 'lib', '../../main.ts', 'LIB/a.ts', './lib/', 'toString', '__proto__', 'constructor', '', '.', '..', 'file:///main.ts', 'data:text/javascript,1'])('never guess: %j is not found', (specifier) => {
    expect(() => load('main.ts', specifier)).toThrow(`There is no module "${specifier}" for main.ts to import.`);
  });

  it('name what to use instead of a module of Node', () => {
    expect(() => load('main.ts', 'node:fs/promises')).toThrow("There is no file system here: import { workspace } from 'assassin'.");
    expect(() => load('main.ts', 'https')).toThrow("import { http } from 'assassin'");
    expect(() => load('main.ts', 'node:constructor')).toThrow('There is no Node here');
  });

  it('give the host module to the module assassin only', () => {
    expect(load('assassin', 'assassin:host')).toContain('export const call');
    for (const importer of ['main.ts', 'assassin.ts', './assassin', 'assassin:host', '<input>', '']) {
      expect(() => load(importer, 'assassin:host')).toThrow('There is no module');
    }
  });

  it('show nothing of the host in the error that goes into the guest', () => {
    try {
      load('main.ts', 'node:fs');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ name: 'ImportError', stack: '' });
    }
  });
});
