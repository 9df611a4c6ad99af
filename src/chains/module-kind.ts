import { stat } from 'node:fs/promises';
import { AssassinError } from '../shared/errors.ts';
import type { ResolvedPath } from '../workspace/paths.ts';
import { isModuleFile } from './imports.ts';

/** What starts files of other languages, as the words of a grant. */
const starters: Readonly<Record<string, string>> = { py: 'python3', sh: 'sh', bash: 'bash', rb: 'ruby', pl: 'perl', php: 'php', ps1: 'pwsh -File', lua: 'lua', r: 'Rscript', go: 'go run' };

/** Throws `invalid-input` for a file of another kind: a parser would find the first token that is not JavaScript's in it, which helps nobody. */
export async function refuseOtherKinds({ path, shown }: ResolvedPath, inNode = false): Promise<void> {
  if (isModuleFile(path) || (inNode && path.endsWith('.cjs'))) return;
  // What is missing, or a folder, is told as that by whoever reads it.
  if ((await stat(path).catch(() => undefined))?.isFile()) throw otherKind(shown);
}

function otherKind(shown: string): AssassinError {
  const ending = /\.(\w+)$/.exec(shown)?.[1]?.toLowerCase() ?? '';
  const [what, hint] = explanation(ending, shown);
  return new AssassinError('invalid-input', `${shown} ${what}. What runs in a sandbox is in .ts, .mts, .js and .mjs files.`, { hint });
}

function explanation(ending: string, shown: string): readonly [what: string, hint: string] {
  const starter = Object.hasOwn(starters, ending) ? starters[ending] : undefined;
  if (starter !== undefined) return ['is not JavaScript or TypeScript', `A chain or a function can run it as a program: exec(${JSON.stringify([...starter.split(' '), shown]).replaceAll(',', ', ')}) from 'assassin', with the grant "exec ${starter} ${shown}".`];
  switch (ending) {
    case 'jsx':
    case 'tsx':
      return ['may hold JSX, which is not compiled here', 'Put the function into a .ts or .js file.'];
    case 'cjs':
    case 'cts':
      return ['is a CommonJS module', `Write it as an ES module, with "export" and "import"${ending === 'cjs' ? ', or run it in a Node process with "fn run --node", which needs the grant "node FILE"' : ''}.`];
    case 'json':
      return ['is data', 'Import it in the file of the function, and name that file.'];
    default:
      return ['is not JavaScript or TypeScript', 'Name a file that exports the function; in it, workspace.readFile(path) of \'assassin\' reads text files.'];
  }
}
