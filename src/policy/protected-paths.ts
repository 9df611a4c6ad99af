import type { Action } from './action.ts';
import { foldPath } from './path-spelling.ts';
import { isSecretFile } from './secret-files.ts';

/**
 * Folders and files that make other programs run code or that say what is allowed: hooks, tasks, settings, pipelines, servers, start-up files, chains with their
 * grants. A program that may write "everything" must not thereby be able to give itself more.
 */
const protectedNames: ReadonlySet<string> = new Set([
  '.git', '.gitmodules', '.gitconfig', '.gitattributes', '.husky', '.github', '.vscode', '.idea', '.devcontainer', '.assassin', '.cursor', '.claude', '.mcp.json', '.npmrc', '.yarnrc.yml',
  '.pnpmfile.cjs', '.envrc', '.pre-commit-config.yaml', '.ssh', '.gnupg', '.bashrc', '.bash_profile', '.profile', '.zshrc', '.zshenv', '.zprofile',
]);

/** Where files are the state of processes and devices: `/proc/self/environ` is this program's own environment. */
const systemFolders = ['/proc', '/sys', '/dev'] as const;

/**
 * Whether a grant or allow rule with this root reaches through something protected that it does not itself name: `fs.write **` does with
 * `.git/hooks/x`, `fs.write .git/**` does not; a file that holds secrets is read only under its own name. Every spelling counts that some file system takes for the same name.
 */
export function reachesProtected(root: string, action: Action): boolean {
  if (action.kind !== 'fs.read' && action.kind !== 'fs.write') return false;
  return reachesThrough(action.kind, root, action.path);
}

export function reachesThrough(kind: 'fs.read' | 'fs.write', root: string, path: string): boolean {
  if (systemFolders.some((folder) => isIn(path, folder) && !isIn(root, folder))) return true;
  const names = path.slice(root.length).split(/[\\/]/).map(plainName);
  return kind === 'fs.write' ? names.some((name) => protectedNames.has(name) || name.endsWith('.code-workspace')) : isSecretFile(names.join('/'));
}

/** As the loosest file system reads it: no letter case, no invisible characters (HFS+), no trailing dots, spaces or streams and `GIT~1` for `.git` (Windows). */
function plainName(name: string): string {
  const bare = foldPath(name).replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '').replace(/:.*$/s, '').replace(/[. ]+$/, '');
  return /^git~\d$/.test(bare) ? '.git' : bare;
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
