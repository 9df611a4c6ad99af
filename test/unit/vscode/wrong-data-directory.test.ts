import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AssassinError } from '../../../src/shared/errors.ts';
import { dataDirectory } from '../../../src/store/data-directory.ts';
import { RunStore } from '../../../src/store/run-store.ts';
import { withItsSetting } from '../../../src/vscode/wrong-data-directory.ts';
import { testWorkspace } from '../../helpers/workspace.ts';

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

it('a folder that cannot hold the records is told with the setting that names it, if it is not our own', () => {
  using workspace = testWorkspace();
  const file = join(workspace.path, 'file');
  writeFileSync(file, 'text');
  const directory = join(file, 'data');
  const error = thrownBy(() => new RunStore(directory));
  expect(withItsSetting(error, directory)).toMatchObject({ code: 'store-unwritable', message: `The folder ${directory} cannot be created.`, hint: 'Set a data directory that you can write to.', data: { setting: 'infrastructureAssassin.dataDirectory' } });
  expect(withItsSetting(error, dataDirectory())).toBe(error);
});

it.each([
  ['records that another program holds locked', new AssassinError('store-unwritable', 'Locked.', { data: { reason: 'locked' } })],
  ['a full disk', new AssassinError('store-unwritable', 'Full.', { data: { reason: 'disk-full' } })],
  ['damaged records', new AssassinError('store-corrupt', 'Damaged.')],
  ['any other error', new TypeError('No.')],
])('the setting is not blamed for %s', (_what, error) => {
  expect(withItsSetting(error, '/elsewhere')).toBe(error);
});
