import { dirname } from 'node:path';
import { AssassinError } from '../shared/errors.ts';
import { generatedMarker, guestTypes, mcpTypes } from '../tools/guest-types.ts';
import { readText, writeText } from '../workspace/files.ts';
import { resolvePath } from '../workspace/paths.ts';

export interface WriteTypesOptions {
  /** What `mcpDeclarations` made of the servers that are known; absent while there is none. */
  readonly mcpDeclarations?: string;
}

/** For the editor only: nothing is compiled by it. No DOM, no Node and no packages, because the sandbox has none. */
const tsconfig = `${generatedMarker}
{
  "compilerOptions": {
    "target": "ES2024",
    "lib": ["ES2024", "ESNext.Disposable", "ESNext.Array", "ESNext.Collection", "ESNext.Iterator"],
    "module": "ESNext",
    "moduleResolution": "bundler",
    "moduleDetection": "force",
    "types": [],
    "strict": true,
    "noEmit": true,
    "isolatedModules": true,
    "allowImportingTsExtensions": true,
    "skipLibCheck": true
  },
  "include": ["chains/**/*.ts", "types/*.d.ts"]
}
`;

/** Writes `.assassin/types` and `.assassin/tsconfig.json` where they changed. A tsconfig that a person has written is left alone. */
export async function writeTypes(workspace: string, { mcpDeclarations }: WriteTypesOptions): Promise<readonly string[]> {
  const files: readonly (readonly [path: string, text: string])[] = [
    ['.assassin/types/assassin.d.ts', guestTypes],
    ['.assassin/types/mcp.d.ts', mcpTypes(mcpDeclarations)],
    ['.assassin/tsconfig.json', tsconfig],
  ];
  const changed: string[] = [];
  for (const [path, text] of files) {
    const file = await resolvePath(workspace, path);
    if (!file.inside) throw new AssassinError('invalid-config', `${path} leads outside the workspace, to ${dirname(file.path)}.`, { hint: 'Remove that link.' });
    const before = await readText(file).catch(absent);
    if (before === text || (before !== undefined && path.endsWith('tsconfig.json') && !before.startsWith(generatedMarker))) continue;
    await writeText(file, text);
    changed.push(path);
  }
  return changed;
}

function absent(error: unknown): undefined {
  if (AssassinError.isInstance(error) && error.code === 'file-not-found') return undefined;
  throw error;
}
