import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join, relative, isAbsolute } from 'node:path';
import * as z from 'zod';

/** What can be downloaded: the small browser without a window, and the full one. Both are builds for automation of their maker. */
export const downloadableKinds = ['chrome-headless-shell', 'chrome'] as const;
export type DownloadableKind = (typeof downloadableKinds)[number];

const entry = z.object({ kind: z.enum(downloadableKinds), version: z.string(), path: z.string(), bytes: z.number(), sha256: z.string(), at: z.number() });
/** `path` is the program, absolute; `bytes` and `sha256` are of the archive it came in; `at` is when, in milliseconds since 1970. */
export type DownloadedBrowser = Readonly<z.infer<typeof entry>>;

export function downloadsFolder(dataDirectory: string): string {
  return join(dataDirectory, 'browsers');
}

const listFile = (folder: string) => join(folder, 'browsers.json');

/** The newest first. One whose program is not there any more is left out, and so is whatever lies outside the folder. */
export function downloadedBrowsers(folder: string): readonly DownloadedBrowser[] {
  let text: string;
  try {
    text = readFileSync(listFile(folder), 'utf8');
  } catch {
    return [];
  }
  const parsed = z.array(entry).safeParse(parse(text));
  if (!parsed.success) return [];
  const inside = ({ path }: DownloadedBrowser) => !relative(folder, path).startsWith('..') && !isAbsolute(relative(folder, path));
  return parsed.data.filter((browser) => inside(browser) && existsSync(browser.path)).toSorted((a, b) => b.at - a.at);
}

/** Written beside and moved into place, so that a reader never sees half a list. */
export async function writeDownloaded(folder: string, browsers: readonly DownloadedBrowser[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const beside = `${listFile(folder)}.${process.pid}`;
  await writeFile(beside, JSON.stringify(browsers, null, 2));
  await rename(beside, listFile(folder));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
