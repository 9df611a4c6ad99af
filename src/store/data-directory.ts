import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

export interface DataDirectorySources {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

const name = 'infrastructure-assassin';

/**
 * Where journal and blobs lie, the same for the editor and the command line: `ASSASSIN_HOME`, else the platform's folder for data of
 * programs. Absolute, not necessarily there yet.
 */
export function dataDirectory(sources: DataDirectorySources = { platform: process.platform, env: process.env, home: homeFolder() }): string {
  const { platform, env, home } = sources;
  // The specification has relative ones ignored.
  const xdgData = env['XDG_DATA_HOME'];
  if (env['ASSASSIN_HOME']) return env['ASSASSIN_HOME'];
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
