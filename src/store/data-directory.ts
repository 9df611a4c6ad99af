import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { AssassinError } from '../shared/errors.ts';

export interface DataDirectorySources {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

const name = 'infrastructure-assassin';

/**
 * Where journal and blobs lie, the same for the editor and the command line: `ASSASSIN_HOME`, else the platform's folder for data of
 * programs. Absolute, not necessarily there yet. Throws `invalid-config` for a relative `ASSASSIN_HOME`: the history would be another one in every folder.
 */
export function dataDirectory(sources: DataDirectorySources = { platform: process.platform, env: process.env, home: homeFolder() }): string {
  const { platform, env, home } = sources;
  // The specification has relative ones ignored.
  const xdgData = env['XDG_DATA_HOME'];
  const own = env['ASSASSIN_HOME'];
  if (own) {
    if (isAbsolute(own)) return own;
    throw new AssassinError('invalid-config', `ASSASSIN_HOME is "${own}", which is not an absolute path.`, { hint: 'Set it to an absolute path, or unset it to have runs recorded in the folder for program data.' });
  }
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', name);
    case 'win32':
      return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), name);
    default:
      return join(xdgData !== undefined && isAbsolute(xdgData) ? xdgData : join(home, '.local', 'share'), name);
  }
}

/** Node takes `HOME` as it is: an empty one would put the records into whatever folder the program was started in. */
function homeFolder(): string {
  return isAbsolute(homedir()) ? homedir() : userInfo().homedir;
}
