import { findRipgrep } from '../workspace/context/ripgrep.ts';
import type { Check } from './check.ts';

/** Without ripgrep nothing is missing but time: that is told, and is no fault. `places` are full paths at which one may lie. */
export async function searchCheck(places: readonly string[], workspace: string, path: string = process.env['PATH'] ?? ''): Promise<Check> {
  const found = await findRipgrep(places, path, workspace);
  const detail = found === undefined ? 'by the built-in search, for there is no ripgrep: large folders take longer; install ripgrep (rg) on the PATH to change that' : `by ${found}`;
  return { name: 'Search', status: 'ok', detail };
}
