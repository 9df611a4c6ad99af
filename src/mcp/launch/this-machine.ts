import { readdirSync, statSync } from 'node:fs';
import type { ProgramPlaces } from './find-program.ts';

/** Where programs are looked for on this computer. */
export function thisMachine({ home, env }: Pick<ProgramPlaces, 'home' | 'env'>): ProgramPlaces {
  return {
    platform: process.platform, home, env,
    isFile: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false,
    namesIn: (folder) => {
      try {
        return readdirSync(folder);
      } catch {
        return [];
      }
    },
  };
}
