import { readdir } from 'node:fs/promises';
import { toErrorInfo, type ErrorInfo } from '../shared/errors.ts';
import { readText } from './files.ts';
import { resolvePath } from './paths.ts';

export interface FolderText {
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** Why it could not be read; the text is empty then. */
  readonly problem?: ErrorInfo;
}

/** The text files of one folder of the workspace by name; empty where there is no such folder. Links that lead out of the workspace are left out. */
export async function folderTexts(workspace: string, folder: string, ending: string): Promise<readonly FolderText[]> {
  const root = await resolvePath(workspace, folder);
  if (!root.inside) return [];
  const names = await readdir(root.path).catch(() => []);
  const texts: FolderText[] = [];
  for (const name of names.filter((each) => each.endsWith(ending) && !each.startsWith('.')).sort()) {
    const file = await resolvePath(workspace, `${folder}/${name}`);
    const path = `${folder}/${name}`;
    const found: FolderText | undefined = file.inside ? await readText(file).then((text) => ({ path, text }), (error: unknown) => ({ path, text: '', problem: toErrorInfo(error) })) : undefined;
    // Removed since the list of names was made.
    if (found !== undefined && found.problem?.code !== 'file-not-found') texts.push(found);
  }
  return texts;
}
