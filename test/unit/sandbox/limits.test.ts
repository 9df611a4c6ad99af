import { describe, expect, it } from 'vitest';
import { limitError, resolveLimits, type LimitName } from '../../../src/sandbox/limits.ts';
import { defaultSandboxLimits } from '../../../src/sandbox/sandbox.ts';

describe('sandbox limits', () => {
  it('start from the defaults, and later ones win', () => {
    expect(resolveLimits()).toEqual(defaultSandboxLimits);
    expect(resolveLimits({ cpuMs: 1, wallMs: 2 }, undefined, { cpuMs: 3 })).toEqual({ ...defaultSandboxLimits, cpuMs: 3, wallMs: 2 });
  });

  it.each<[LimitName, number]>([['stackBytes', 1024 * 1024], ['memoryBytes', 1024], ['cpuMs', 0], ['cpuMs', Number.NaN], ['hostCalls', -1], ['wallMs', 1.5], ['hostCallsInFlight', 0], ['outputBytes', Number.POSITIVE_INFINITY]])('refuse %s of %d by name', (name, value) => {
    expect(() => resolveLimits({ [name]: value })).toThrow(expect.objectContaining({ code: 'invalid-config', message: expect.stringContaining(`${name} is ${value}`), data: { limit: name, value } }));
  });

  it('each have an error of their own that names the field, its value and what to do', () => {
    const errors = Object.keys(defaultSandboxLimits).map((name) => limitError(name as LimitName, defaultSandboxLimits));
    expect(new Set(errors.map(({ message }) => message)).size).toBe(errors.length);
    for (const error of errors) {
      const limit = error.data?.['limit'] as LimitName;
      expect(error).toMatchObject({ code: 'sandbox-limit', data: { limit, value: defaultSandboxLimits[limit] }, message: expect.stringContaining(String(defaultSandboxLimits[limit])), hint: expect.stringContaining(limit) });
    }
  });
});
