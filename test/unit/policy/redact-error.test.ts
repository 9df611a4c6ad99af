import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { redactError } from '../../../src/policy/redact-error.ts';
import { Redactor } from '../../../src/policy/redact.ts';
import { AssassinError } from '../../../src/shared/errors.ts';
import { redactOwnErrors } from '../../../src/vscode/own-errors.ts';

const secret = 'canary-of-a-crash-4711';
const key = `ghp_${'a1B2'.repeat(9)}`;
const redactor = new Redactor();
redactor.add([secret]);

/** Everything that anybody could write down of an error. */
function allOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const more = Object.getOwnPropertyNames(error).filter((name) => !['message', 'stack', 'cause', 'errors'].includes(name)).map((name) => JSON.stringify(Reflect.get(error, name)));
  return [error.message, error.stack, ...more, error.cause === undefined ? '' : allOf(error.cause), ...(error instanceof AggregateError ? error.errors.map(allOf) : [])].join('\n');
}

describe('an error that is about to be written down', () => {
  it('loses its secrets in message, stack, causes and data, and keeps the rest', () => {
    const error = new AssassinError('internal', `It failed with ${secret}.`, { hint: `Try ${key}`, data: { header: `Bearer ${secret}`, status: 401 }, cause: new AggregateError([new Error(`one ${secret}`), 'two'], `both ${key}`) });
    expect(allOf(error)).toContain(secret);
    redactError(error, redactor);
    expect(allOf(error)).not.toContain(secret);
    expect(allOf(error)).not.toContain(key);
    expect(error.message).toBe('It failed with [redacted].');
    expect(error.stack).toContain('redact-error.test.ts');
    expect(error.data).toEqual({ header: 'Bearer [redacted]', status: 401 });
  });

  it('does not make the failure worse: its own cause, what cannot be changed, what throws when it is read, and what is no error', () => {
    const loop = new Error(secret);
    loop.cause = loop;
    redactError(loop, redactor);
    expect(loop.message).toBe('[redacted]');
    const trap = Object.defineProperty(new Error(secret), 'bad', { get: () => { throw new Error('no'); } });
    redactError(trap, redactor);
    expect(trap.message).toBe('[redacted]');
    for (const value of [Object.freeze(new Error(secret)), null, undefined, secret, 5]) expect(() => redactError(value, redactor)).not.toThrow();
  });
});

describe('errors that nobody handles in the editor', () => {
  const events = () => new EventEmitter() as EventEmitter & Pick<NodeJS.Process, 'prependListener' | 'off'>;

  it.each(['unhandledRejection', 'uncaughtExceptionMonitor'])('are redacted before the editor hears of them by %s, where they come from our code', (name) => {
    const process = events();
    const written: string[] = [];
    const log: string[] = [];
    process.on(name, (error: Error) => written.push(String(error.stack)));
    const ours = redactOwnErrors({ events: process, folder: import.meta.dirname, redactors: () => [redactor], log: (text) => void log.push(text) });
    process.emit(name, new Error(`ours ${secret} ${key}`));
    const theirs = new Error(`theirs ${secret}`);
    theirs.stack = `Error: theirs ${secret}\n    at /elsewhere/extension.js:1:1`;
    process.emit(name, theirs);
    expect(written[0]).toContain('ours [redacted] [redacted]');
    expect(written[1]).toContain(`theirs ${secret}`);
    expect(log).toEqual(['An error that nobody has handled: ours [redacted] [redacted]']);
    ours[Symbol.dispose]();
    expect(process.listenerCount(name)).toBe(1);
  });
});
