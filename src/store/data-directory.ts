import { homedir } from 'node:os';
import { join } from 'node:path';

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
export function dataDirectory(sources: DataDirectorySources = { platform: process.platform, env: process.env, home: homedir() }): string {
  const { platform, env, home } = sources;
  if (env['ASSASSIN_HOME']) return env['ASSASSIN_HOME'];
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', name);
    case 'win32':
      return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), name);
    default:
      return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), name);
  }
}
