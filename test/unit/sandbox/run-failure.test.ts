import { describe, expect, it } from 'vitest';
import type { EngineName, GuestError } from '../../../src/sandbox/protocol.ts';
import { failureOf } from '../../../src/sandbox/run-failure.ts';
import { defaultSandboxLimits } from '../../../src/sandbox/sandbox.ts';
import { AssassinError } from '../../../src/shared/errors.ts';

const denied = new AssassinError('denied', 'Not allowed.', { hint: 'Grant it.' });

function errorOf(error: Partial<GuestError>, engine: EngineName = 'quickjs-wasi') {
  const program = { modules: new Map([['main.ts', 'a();\nawait using b = c;\n']]), entry: 'main.ts', call: 'default', args: [], clock: 'real', random: 'real' } as const;
  return failureOf({ how: 'threw', error: { name: 'Error', message: 'boo', stack: '', ...error } }, { program, limits: defaultSandboxLimits, engine, failedCall: (id) => (id === 3 ? denied : undefined) });
}

describe('an error that a guest threw', () => {
  it('keeps its message, name and frames', () => {
    expect(errorOf({ name: 'TypeError', stack: '    at f (main.ts:1:1)\n' })).toMatchObject({ code: 'chain-failed', message: 'boo', data: { name: 'TypeError', stack: [{ module: 'main.ts', line: 1, column: 1, function: 'f' }] } });
    expect(errorOf({ name: 'TypeError', message: '' }).message).toBe('TypeError');
  });

  it('has the failed host call as its cause, with the hint of that one', () => {
    expect(errorOf({ call: 3 })).toMatchObject({ code: 'chain-failed', cause: denied, hint: 'Grant it.' });
    expect(errorOf({ call: 4 }).cause).toBeUndefined();
  });

  it('says where the program could not be compiled, and that one engine has no using', () => {
    const place = { name: 'SyntaxError', message: "expecting ';'", stack: '    at main.ts:2:7\n' };
    expect(errorOf(place)).toMatchObject({ code: 'chain-syntax', message: "expecting ';'.", data: { stack: [{ module: 'main.ts', line: 2, column: 7 }] } });
    expect(errorOf(place, 'quickjs-emscripten')).toMatchObject({ code: 'chain-syntax', message: expect.stringContaining('does not know "using"'), hint: expect.stringContaining('quickjs-wasi') });
  });

  it('names what to use instead of a global that a sandbox does not have', () => {
    expect(errorOf({ name: 'ReferenceError', message: 'fetch is not defined' }).message).toBe("fetch is not defined. There is no network here: import { http } from 'assassin' and call http.get or http.request.");
    expect(errorOf({ name: 'ReferenceError', message: "'Buffer' is not defined" }).message).toContain('TextEncoder');
    expect(errorOf({ name: 'ReferenceError', message: 'toString is not defined' }).message).toBe('toString is not defined');
    expect(errorOf({ name: 'Error', message: 'fetch is not defined' }).message).toBe('fetch is not defined');
  });
});
