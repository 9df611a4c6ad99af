import { openStore } from '../runtime-store.ts';
import type { RuntimeOptions } from '../runtime-options.ts';
import { absolutePath } from '../runtime-settings.ts';
import { dataDirectory } from '../store/data-directory.ts';
import type { RunStore } from '../store/run-store.ts';
import { chosenIn } from './chosen-settings.ts';
import { runFolderUri } from './run-folder.ts';
import { configuration } from './settings.ts';
import { withItsSetting } from './wrong-data-directory.ts';

/** Opens the records where settings keep the runtime from being opened; only the one that says where they lie must be right. Nothing old is removed: how much is kept may be what is wrong. */
export async function openRecords(log: RuntimeOptions['log']): Promise<RunStore> {
  const directory = absolutePath({ chosen: chosenIn(configuration(runFolderUri())), levels: () => [] }, 'dataDirectory') ?? dataDirectory();
  try {
    return (await openStore({ dataDirectory: directory, log })).store;
  } catch (error) {
    throw withItsSetting(error, directory);
  }
}
