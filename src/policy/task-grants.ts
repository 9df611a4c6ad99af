import { parseGrant, type Grant } from './grant.ts';
import { isSecretFile } from './secret-files.ts';

/** What every task may do without being asked for it: read the workspace, except for files that hold secrets. */
export function taskGrants(workspace: string): readonly Grant[] {
  const all = parseGrant('fs.read **', workspace);
  return [{ ...all, text: 'fs.read ** (but no secrets)', matches: (action) => all.matches(action) && !(action.kind === 'fs.read' && isSecretFile(action.path)) }];
}
