import { describe, expect, it } from 'vitest';
import { limitOfError, parseGuestError } from '../../../src/sandbox/guest-error.ts';

const error = (name: string, message: string) => ({ name, message, stack: '' });

describe('what a guest tells of an error', () => {
  it('is read whatever the guest has made of it', () => {
    expect(parseGuestError('{"name":"TypeError","message":"boo","stack":"at f","call":3,"more":1}')).toEqual({ name: 'TypeError', message: 'boo', stack: 'at f', call: 3 });
    for (const json of ['', '{', 'null', '1', '[]', '"text"', '{"name":{},"message":5,"stack":[],"call":"1"}', '{"__proto__":{"name":"x"}}']) {
      expect(parseGuestError(json)).toEqual({ name: 'Error', message: '', stack: '' });
    }
  });

  it('is a limit where the engine says so in its own words', () => {
    expect(limitOfError(error('InternalError', 'out of memory'), false)).toBe('memoryBytes');
    expect(limitOfError(error('RangeError', 'Maximum call stack size exceeded'), false)).toBe('stackBytes');
    expect(limitOfError(error('InternalError', 'stack overflow'), false)).toBe('stackBytes');
    expect(limitOfError(error('SyntaxError', 'stack overflow'), false)).toBe('stackBytes');
  });

  it('is an error of the program in all other words', () => {
    for (const other of [error('Error', 'out of memory'), error('Error', 'stack overflow'), error('InternalError', 'string too long'), error('Error', 'null')]) expect(limitOfError(other, false)).toBeUndefined();
  });

  it('is a lack of memory where nothing but null could be thrown any more', () => {
    expect(limitOfError(error('Error', 'null'), true)).toBe('memoryBytes');
    expect(limitOfError(error('Error', '[unsupported type]'), true)).toBe('memoryBytes');
    expect(limitOfError(error('Error', '[unsupported type]'), false)).toBeUndefined();
    expect(limitOfError(error('Error', 'boo'), true)).toBeUndefined();
  });
});
