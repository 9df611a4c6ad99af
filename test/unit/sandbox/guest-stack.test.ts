import { describe, expect, it } from 'vitest';
import { isCompileError, parseGuestStack } from '../../../src/sandbox/guest-stack.ts';

const modules = new Set(['main.ts', './lib/a b.ts', 'C:/chains/x.ts', 'assassin']);

describe('the stack of a guest error', () => {
  it('names module, line, column and function, innermost first', () => {
    expect(parseGuestStack('    at f (main.ts:2:13)\n    at <anonymous> (./lib/a b.ts:4:48)\n    at x.y (C:/chains/x.ts:1:2)\n', modules)).toEqual([
      { module: 'main.ts', line: 2, column: 13, function: 'f' },
      { module: './lib/a b.ts', line: 4, column: 48 },
      { module: 'C:/chains/x.ts', line: 1, column: 2, function: 'x.y' },
    ]);
  });

  it('leaves out what is not a module of the program', () => {
    expect(parseGuestStack('    at parse (native)\n    at <input>:1:2\n    at run (assassin:boot:3:4)\n    at f (/etc/passwd:1:1)\nnonsense\n    at (main.ts)\n    at f (main.ts:x:1)', modules)).toEqual([]);
  });

  it('reads no more of a hostile stack than an honest one has', () => {
    expect(parseGuestStack('at f (main.ts:1:1)\n'.repeat(1_000_000), modules)).toHaveLength(50);
    expect(parseGuestStack(`at ${'f'.repeat(1_000_000)} (main.ts:1:1)`, modules)).toEqual([]);
    expect(parseGuestStack('at f (main.ts:99999999999999999999:1)', modules)).toEqual([]);
  });

  it('tells an error of the compiler from one that a program threw', () => {
    expect(isCompileError('SyntaxError', '    at main.ts:2:9\n', modules)).toBe(true);
    expect(isCompileError('SyntaxError', '    at <anonymous> (main.ts:1:11)\n', modules)).toBe(false);
    expect(isCompileError('SyntaxError', '    at <input>:1:2\n    at parse (native)\n    at main.ts:1:1', modules)).toBe(false);
    expect(isCompileError('TypeError', '    at main.ts:2:9\n', modules)).toBe(false);
    expect(isCompileError('SyntaxError', '', modules)).toBe(false);
  });
});
