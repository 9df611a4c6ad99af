import { isAbsolute } from 'node:path';
import { expect, test, vi } from 'vitest';
import { dataDirectory } from '../../../src/store/data-directory.ts';

test('ASSASSIN_HOME counts before everything else', () => {
  expect(dataDirectory({ platform: 'darwin', env: { ASSASSIN_HOME: '/own' }, home: '/home/me' })).toBe('/own');
});

test('a relative ASSASSIN_HOME is refused: the history would be another one in every folder', () => {
  for (const value of ['data', './data', '~/data']) expect(() => dataDirectory({ platform: 'linux', env: { ASSASSIN_HOME: value }, home: '/home/me' })).toThrow(expect.objectContaining({ code: 'invalid-config', hint: expect.stringContaining('absolute path') as string }));
});

test('without it, it is the folder for program data of the platform', () => {
  expect(dataDirectory({ platform: 'linux', env: {}, home: '/home/me' })).toBe('/home/me/.local/share/infrastructure-assassin');
  expect(dataDirectory({ platform: 'linux', env: { XDG_DATA_HOME: '/data' }, home: '/home/me' })).toBe('/data/infrastructure-assassin');
  expect(dataDirectory({ platform: 'darwin', env: {}, home: '/Users/me' })).toBe('/Users/me/Library/Application Support/infrastructure-assassin');
  expect(dataDirectory({ platform: 'win32', env: { LOCALAPPDATA: 'C:\\Data' }, home: 'C:\\me' })).toMatch(/^C:\\Data.infrastructure-assassin$/);
});

test('a relative or empty XDG_DATA_HOME is ignored, as its specification has it', () => {
  for (const value of ['', 'data']) expect(dataDirectory({ platform: 'linux', env: { XDG_DATA_HOME: value }, home: '/home/me' })).toBe('/home/me/.local/share/infrastructure-assassin');
});

test.skipIf(process.platform === 'win32')('an empty HOME does not put the records into the current folder', () => {
  for (const [name, value] of [['HOME', ''], ['XDG_DATA_HOME', undefined], ['ASSASSIN_HOME', undefined]] as const) vi.stubEnv(name, value);
  try {
    expect(isAbsolute(dataDirectory())).toBe(true);
  } finally {
    vi.unstubAllEnvs();
  }
});
