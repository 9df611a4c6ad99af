import { expect, test } from 'vitest';
import { loopbackFlags } from '../../../src/cli/loopback-flags.ts';

test('a port and the token of the environment are taken; what is not given is left to be chosen', () => {
  expect(loopbackFlags({ env: {} }, {})).toEqual({});
  expect(loopbackFlags({ env: { ASSASSIN_TOKEN: '0123456789abcdef' } }, { port: '0' })).toEqual({ port: 0, token: '0123456789abcdef' });
});

test.each([
  [{ ASSASSIN_TOKEN: '0123456789abcde' }, {}, '$ASSASSIN_TOKEN is too short to be a secret.'], [{ ASSASSIN_TOKEN: '' }, {}, 'too short'],
  [{}, { port: '65536' }, '"65536" is not a port'], [{}, { port: '-1' }, 'not a port'], [{}, { port: '' }, 'not a port'],
] as const)('%j with %j is refused', (env, flags, message) => {
  expect(() => loopbackFlags({ env }, flags)).toThrow(expect.objectContaining({ code: 'invalid-input', message: expect.stringContaining(message) as string }) as Error);
});
