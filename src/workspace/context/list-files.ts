import { readdirSync, type Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readBytes } from '../files.ts';
import { HeldFolder } from '../held-folder.ts';
import { realPath } from '../paths.ts';
import { quickDisk } from '../quick-disk.ts';
import { IgnoreRules } from './ignore-rules.ts';

export interface FileListing {
  /** Relative to the workspace with forward slashes, those of a folder before those of its folders, by name. */
  readonly files: readonly string[];
  /** There are more than were listed. */
  readonly cut: boolean;
}

export interface ListFilesOptions {
  /** Only what lies below this folder; relative with forward slashes. */
  readonly below?: string;
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export const maxListed = 20_000;
/** A small workspace is listed at once; the folders of a large one after these in the background, where they hold nobody up. */
const foldersAtOnce = 8;
/** Rules of a file larger than this were not written by a person. */
const maxRules = 256 * 1024;

/** The files of a workspace that are not left out by a `.gitignore`. Links are not followed, not even one that takes the place of a folder meanwhile: what they lead to may lie anywhere. */
export async function listFiles(workspace: string, { below = '', limit = maxListed, signal }: ListFilesOptions = {}): Promise<FileListing> {
  const root = await realPath(workspace).catch(() => workspace);
  const files: string[] = [];
  let looked = 0;
  const pending: { readonly folder: string; readonly rules: IgnoreRules }[] = [{ folder: '', rules: IgnoreRules.top() }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    signal?.throwIfAborted();
    const { folder } = next;
    const entries = await entriesOf(join(root, folder), looked++ < foldersAtOnce);
    const rules = entries.some((entry) => entry.name === '.gitignore' && entry.isFile()) ? next.rules.with(folder, await rulesIn(join(root, folder))) : next.rules;
    const folders: { readonly folder: string; readonly rules: IgnoreRules }[] = [];
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const isFolder = entry.isDirectory();
      if (!(isFolder || entry.isFile()) || !onTheWay(path, below, isFolder) || rules.ignores(path, isFolder)) continue;
      if (isFolder) folders.push({ folder: path, rules });
      else if (files.length >= limit) return { files, cut: true };
      else files.push(path);
    }
    pending.push(...folders.reverse());
  }
  return { files, cut: false };
}

async function entriesOf(path: string, atOnce: boolean): Promise<readonly Dirent[]> {
  try {
    using folder = await HeldFolder.open({ path, shown: path });
    const later = () => readdir(folder.itself, { withFileTypes: true });
    return await (atOnce ? quickDisk.do(() => readdirSync(folder.itself, { withFileTypes: true }), later) : later());
  } catch {
    return [];
  }
}

function onTheWay(path: string, below: string, isFolder: boolean): boolean {
  return below === '' || path.startsWith(`${below}/`) || (isFolder && (path === below || below.startsWith(`${path}/`)));
}

async function rulesIn(folder: string): Promise<string> {
  const path = join(folder, '.gitignore');
  const bytes = await readBytes({ path, shown: path }, maxRules).catch(() => new Uint8Array());
  return new TextDecoder().decode(bytes);
}
