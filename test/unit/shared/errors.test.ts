import { describe, expect, it } from 'vitest';
import { AssassinError, describeError, toErrorInfo } from '../../../src/shared/errors.ts';

describe('what is told of an error', () => {
  it('is its code, message and hint, or its message alone', () => {
    expect(toErrorInfo(new AssassinError('denied', 'No.', { hint: 'Ask.' }))).toEqual({ code: 'denied', message: 'No.', hint: 'Ask.' });
    expect(toErrorInfo(new TypeError('x'))).toEqual({ code: 'internal', message: 'x' });
    expect(toErrorInfo(new DOMException('over', 'AbortError'))).toEqual({ code: 'cancelled', message: 'over' });
    expect(toErrorInfo('text')).toEqual({ code: 'internal', message: 'text' });
  });

  it.each([
    ['an object without a prototype', Object.create(null)],
    ['a proxy that throws', new Proxy({}, { get() { throw new Error('trap'); }, getPrototypeOf() { throw new Error('trap'); } })],
    ['an object that cannot become text', { toString() { throw new Error('toString'); } }],
    ['an error whose message throws', Object.defineProperty(new Error('x'), 'message', { get() { throw new Error('message'); } })],
  ])('is a sentence for %s, which cannot be read', (_what, thrown) => {
    expect(toErrorInfo(thrown)).toEqual({ code: 'internal', message: 'Something was thrown that cannot be read.' });
    expect(AssassinError.isInstance(thrown)).toBe(false);
  });

  it('does not run on into what to do next, however the message of another program ends', () => {
    const told = (message: string) => describeError(new AssassinError('internal', message, { hint: 'Try again.' }));
    expect(['connect ECONNREFUSED 127.0.0.1:9', 'It said "no"', 'It said "no."', 'Really?'].map(told)).toEqual(['connect ECONNREFUSED 127.0.0.1:9. Try again.', 'It said "no". Try again.', 'It said "no." Try again.', 'Really? Try again.']);
    expect(describeError(new Error('as it is'))).toBe('as it is');
  });

  it('is always text', () => {
    expect(toErrorInfo(Object.assign(new Error('x'), { message: 1n }))).toEqual({ code: 'internal', message: '1' });
  });
});
