import { readdir } from 'node:fs/promises';
import { readText } from './files.ts';
import { resolvePath } from './paths.ts';

export interface FolderText {
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** The text files of one folder of the workspace by name; empty where there is no such folder. Links that lead out of the workspace and files that are no text are left out. */
export async function folderTexts(workspace: string, folder: string, ending: string): Promise<readonly FolderText[]> {
  const root = await resolvePath(workspace, folder);
  if (!root.inside) return [];
  const names = await readdir(root.path).catch(() => []);
  const texts: FolderText[] = [];
  for (const name of names.filter((each) => each.endsWith(ending) && !each.startsWith('.')).sort()) {
    const file = await resolvePath(workspace, `${folder}/${name}`);
    const text = file.inside ? await readText(file).catch(() => undefined) : undefined;
    if (text !== undefined) texts.push({ path: `${folder}/${name}`, text });
  }
  return texts;
}
