import { exitCodes } from './exit-codes.ts';

/** `node:sqlite` needs no flag from this version on. */
const needed = [22, 13] as const;

/** Why this Node cannot run the product; `undefined` where it can. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > needed[0] || (major === needed[0] && minor >= needed[1])) return undefined;
  return `Node ${needed.join('.')} or newer is needed, and this is Node ${version}. Install a newer one, or use the one of a clone with "npm start".`;
}

/** Ends the program with a sentence where Node would otherwise end it with a stack. */
export function requireNode(): void {
  const problem = nodeProblem(process.versions.node);
  if (problem === undefined) return;
  process.stderr.write(`${problem}\n`);
  process.exit(exitCodes.environment);
}
