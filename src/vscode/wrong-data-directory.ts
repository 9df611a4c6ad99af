import { AssassinError } from '../shared/errors.ts';
import { dataDirectory } from '../store/data-directory.ts';
import { extensionName } from './names.ts';

/** Records that another window holds locked are no fault of the setting, and neither is a full disk. */
const reasons: ReadonlySet<unknown> = new Set(['locked', 'disk-full']);

/**
 * What opening the records in `directory` has thrown, with the setting that says where they lie if a person has set it to a folder that cannot hold them: whoever shows the
 * error then leads to that setting, and not to the log.
 */
export function withItsSetting(error: unknown, directory: string): unknown {
  if (!AssassinError.isInstance(error) || (error.code !== 'store-unwritable' && error.code !== 'store-too-new')) return error;
  if (directory === dataDirectory() || reasons.has(error.data?.['reason'])) return error;
  return new AssassinError(error.code, error.message, { ...(error.hint === undefined ? {} : { hint: error.hint }), cause: error, data: { ...error.data, setting: `${extensionName}.dataDirectory` } });
}
