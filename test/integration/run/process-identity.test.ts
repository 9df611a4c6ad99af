import { afterEach, describe, expect, it } from 'vitest';
import { startFromPs } from '../../../src/run/process-identity.ts';

const { TZ, LC_ALL } = process.env;
afterEach(() => {
  for (const [name, value] of Object.entries({ TZ, LC_ALL })) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

describe.skipIf(process.platform === 'win32')('the start of a process, as ps tells it', () => {
  it('is the same text in every time zone: a program that goes on is not taken for one that has ended', async () => {
    process.env['TZ'] = 'Pacific/Auckland';
    const before = await startFromPs(process.pid);
    process.env['TZ'] = 'America/New_York';
    process.env['LC_ALL'] = 'de_DE.UTF-8';
    expect(await startFromPs(process.pid)).toBe(before);
    expect(Date.parse(`${before} UTC`)).toBeLessThan(Date.now());
  });

  it('is none for a process that does not exist', async () => {
    expect(await startFromPs(2 ** 22 + 1)).toBeUndefined();
  });
});
