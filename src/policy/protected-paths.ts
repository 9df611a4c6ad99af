import type { Action } from './action.ts';
import type { Grant } from './grant.ts';

/**
 * Folders and files that make other programs run code or that say what is allowed: hooks, tasks, settings, pipelines, servers, chains with their grants.
 * A program that may write "everything" must not thereby be able to give itself more.
 */
const protectedNames: ReadonlySet<string> = new Set([
  '.git', '.gitmodules', '.gitconfig', '.husky', '.github', '.vscode', '.idea', '.devcontainer', '.assassin', '.cursor', '.claude', '.mcp.json', '.npmrc', '.yarnrc.yml', '.envrc',
]);

/**
 * Whether a grant or allow rule that matches a write reaches through a protected name that it does not itself name: `fs.write **` does with
 * `.git/hooks/x`, `fs.write .git/**` does not. Letter case does not count, because on most laptops `.GIT` is the same folder.
 */
export function reachesProtected(grant: Grant, action: Action): boolean {
  if (action.kind !== 'fs.write' || grant.root === undefined) return false;
  return action.path.slice(grant.root.length).toLowerCase().split(/[\\/]/).some((name) => protectedNames.has(name) || name.endsWith('.code-workspace'));
}
