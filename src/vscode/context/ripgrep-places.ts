import { join } from 'node:path';

/** Where editors carry their own ripgrep; it has moved over the versions. */
export function ripgrepPlaces(appRoot: string): readonly string[] {
  const program = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const own = `${process.platform}-${process.arch}`;
  const folders = ['node_modules.asar.unpacked', 'node_modules'];
  return folders.flatMap((folder) => [
    join(appRoot, folder, '@vscode', 'ripgrep', 'bin', program),
    join(appRoot, folder, '@vscode', 'ripgrep-universal', 'bin', own, program),
    join(appRoot, folder, '@vscode', `ripgrep-${own}`, 'bin', program),
    join(appRoot, folder, 'vscode-ripgrep', 'bin', program),
  ]);
}
