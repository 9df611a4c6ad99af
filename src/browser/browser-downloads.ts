import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as z from 'zod';
import { AssassinError } from '../shared/errors.ts';

/** The small one first: it is all that runs need. */
export const downloadKinds = ['chrome-headless-shell', 'chrome'] as const;
export type DownloadKind = (typeof downloadKinds)[number];

/** Names another place to download from, on the command line. */
export const browserMirrorVariable = 'ASSASSIN_BROWSER_MIRROR';

/** Beside the program in its folder; a folder without it is not ours to run. */
export const recordFile = 'download.json';

const record = z.object({
  browser: z.enum(downloadKinds),
  version: z.string().regex(/^\d+(\.\d+){3}$/),
  platform: z.string(),
  /** Relative to the folder, with forward slashes. */
  executable: z.string().refine((path) => !path.split('/').includes('..') && !path.startsWith('/')),
  from: z.string(),
  sha256: z.string(),
  /** Of the archive. */
  bytes: z.number(),
  /** Milliseconds since 1970. */
  at: z.number(),
});
export type DownloadRecord = z.infer<typeof record>;

export interface DownloadedBrowser extends DownloadRecord {
  /** Absolute: the program, and the folder that goes when it is removed. */
  readonly path: string;
  readonly folder: string;
}

export const folderOf = (root: string, { browser, platform, version }: Pick<DownloadRecord, 'browser' | 'platform' | 'version'>): string => join(root, browser, `${platform}-${version}`);

/** What was downloaded: by kind, the newest version first. A folder that is not whole is passed over. */
export function listDownloads(root: string): readonly DownloadedBrowser[] {
  return downloadKinds.flatMap((kind) => namesIn(join(root, kind)).flatMap((name) => readOne(root, join(root, kind, name)))
    .toSorted((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true })));
}

function readOne(root: string, folder: string): readonly DownloadedBrowser[] {
  try {
    const read = record.parse(JSON.parse(readFileSync(join(folder, recordFile), 'utf8')));
    // The folder is what is removed later: a record that was copied elsewhere must not name another.
    return relative(folderOf(root, read), folder) === '' ? [{ ...read, folder, path: join(folder, ...read.executable.split('/')) }] : [];
  } catch {
    return [];
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Removes what was downloaded: one version, or all. Gives what is gone. Throws `invalid-input` where there is no such version, and `leftover` where files stay. */
export function removeDownloads(root: string, which: { readonly version?: string; readonly browser?: string }): readonly DownloadedBrowser[] {
  const found = listDownloads(root).filter(({ version, browser }) => version === (which.version ?? version) && browser === (which.browser ?? browser));
  if (found.length === 0) {
    const there = listDownloads(root).map(({ browser, version }) => `${browser} ${version}`);
    throw new AssassinError('invalid-input', 'There is no such browser among those that were downloaded.', { hint: there.length === 0 ? 'Nothing was downloaded.' : `There is: ${there.join(', ')}.` });
  }
  for (const { folder, browser, version } of found) {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    } catch (cause) {
      throw new AssassinError('leftover', `${browser} ${version} could not be removed: ${cause instanceof Error ? cause.message : String(cause)}`, { hint: `End what uses ${folder}, and remove it again.`, cause });
    }
  }
  return found;
}
