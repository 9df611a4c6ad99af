import { access, constants, lstat, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { closeSync, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import { draftOf } from '../run/drafts.ts';
import { AssassinError } from '../shared/errors.ts';
import { checkOpened, HeldFolder } from './held-folder.ts';
import type { ResolvedPath } from './paths.ts';
import { quickDisk } from './quick-disk.ts';
import { pictureFacts } from './picture-facts.ts';
import { decodeAny, decodeWhole, type EncodedText } from './text-encoding.ts';

/** Larger than any source file or report that a program should hold as one string; it keeps one call from filling the memory of the editor. */
export const maxFileBytes = 4 * 1024 * 1024;
/** More entries than a person or a model can use at once. */
export const maxEntries = 10_000;

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** Size in bytes; of a link, of the link itself. */
  readonly bytes: number;
}

/** Read at once, in bytes: a disk has given it before another thread has begun to. */
const smallBytes = 128 * 1024;
// A link in the place of the file itself is not followed, and a pipe does not keep the opening waiting. Windows has neither flag; there they are undefined.
const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A real path with the name that people know it by. */
export type FileTarget = Pick<ResolvedPath, 'path' | 'shown'>;

/**
 * Reads a text file without its byte order mark. A link that took the file's place since its path was resolved is refused.
 * Throws `file-not-found`, and `invalid-input` for folders, devices, text that is not UTF-8 and files over 4 MiB.
 */
export async function readText(target: FileTarget): Promise<string> {
  return decodeText(target, await readBytes(target));
}

/** Reads a whole file as it is. Throws as `readText`, but for text that is not UTF-8. */
export async function readBytes(target: FileTarget, limit: number = maxFileBytes): Promise<Uint8Array> {
  const small = await readSmall(target, limit);
  if (small !== undefined) return small;
  await using file = await openFile(target);
  const found = await file.stat();
  if (found.size > limit) throw tooLarge(target, found.size, limit);
  const chunks: Buffer[] = [];
  // One byte more than it has, and than is allowed: a file that grows while it is read is noticed instead of being cut.
  for (let left = limit + 1, size = Math.min(left, found.size + 1); left > 0; size = Math.min(left, 64 * 1024)) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(size), 0, size);
    if (bytesRead === 0) break;
    chunks.push(buffer.subarray(0, bytesRead));
    left -= bytesRead;
    // A regular file gives less than it was asked for only at its end.
    if (bytesRead < size) break;
  }
  const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  if (bytes.length > limit) throw tooLarge(target, bytes.length, limit);
  return bytes;
}

/** Writes a whole file or nothing: readers see the old content or the new one. Keeps the mode of a file that is replaced; makes missing folders. */
export async function writeText(target: FileTarget, content: string): Promise<{ readonly bytes: number }> {
  const bytes = Buffer.from(content, 'utf8');
  if (bytes.length > maxFileBytes) throw tooLarge(target, bytes.length, maxFileBytes);
  return writeBytes(target, bytes);
}

/** As `writeText`, for bytes of any kind and size. */
export async function writeBytes(target: FileTarget, bytes: Uint8Array): Promise<{ readonly bytes: number }> {
  const name = basename(target.path);
  try {
    using folder = await HeldFolder.open(folderOf(target), { make: true });
    const place = folder.at(name);
    const before = await lstat(place).catch(missing);
    if (before !== undefined && !before.isFile()) throw wrongKind(target, before);
    // Replacing a read-only file would succeed, because only its folder is written to.
    if (before !== undefined) await access(place, constants.W_OK);
    const draft = folder.at(basename(draftOf(target.path)));
    try {
      await writeNew(draft, bytes, before === undefined ? undefined : before.mode & 0o777);
      await rename(draft, place);
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw error;
    }
  } catch (error) {
    throw fileError(target, error);
  }
  return { bytes: bytes.length };
}

/** Removes a file; one that is not there is no error. */
export async function removeFile(target: FileTarget): Promise<void> {
  try {
    using folder = await HeldFolder.open(folderOf(target));
    await rm(folder.at(basename(target.path)), { force: true });
  } catch (error) {
    if (missingCodes.has((error as NodeJS.ErrnoException).code)) return;
    throw fileError(target, error);
  }
}

function folderOf({ path, shown }: FileTarget): FileTarget {
  return { path: dirname(path), shown: dirname(shown) };
}

async function writeNew(path: string, bytes: Uint8Array, mode: number | undefined): Promise<void> {
  await using file = await open(path, 'wx', mode ?? 0o666);
  // The mode given to `open` passes through the umask.
  if (mode !== undefined) await file.chmod(mode);
  await file.writeFile(bytes);
  await file.sync();
}

/** The entries of a folder by name. Links are listed as links and not followed. */
export async function listFolder(target: FileTarget): Promise<readonly DirectoryEntry[]> {
  try {
    using folder = await HeldFolder.open(target);
    const entries = await readdir(folder.itself, { withFileTypes: true });
    if (entries.length > maxEntries) {
      throw new AssassinError('invalid-input', `${target.shown} has ${entries.length} entries, more than the ${maxEntries} that are listed at once.`, { hint: 'List one of its folders.' });
    }
    const listed: DirectoryEntry[] = [];
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const found = await lstat(folder.at(entry.name)).catch(missing);
      if (found !== undefined) listed.push({ name: entry.name, kind: kindOf(found), bytes: found.size });
    }
    return listed;
  } catch (error) {
    throw fileError(target, error);
  }
}

export async function pathExists(target: FileTarget): Promise<boolean> {
  try {
    using folder = await HeldFolder.open(folderOf(target));
    const place = folder.at(basename(target.path));
    return (await quickDisk.do(() => lstatSync(place, { throwIfNoEntry: false }), () => lstat(place))) !== undefined;
  } catch (error) {
    if (missingCodes.has((error as NodeJS.ErrnoException).code)) return false;
    throw fileError(target, error);
  }
}

function kindOf(found: Stats): DirectoryEntry['kind'] {
  return found.isFile() ? 'file' : found.isDirectory() ? 'directory' : found.isSymbolicLink() ? 'link' : 'other';
}

/** A small regular file, at once; `undefined` for anything else, which is looked at again. */
async function readSmall(target: FileTarget, limit: number): Promise<Uint8Array | undefined> {
  let file: number | undefined;
  try {
    file = await quickDisk.do(() => openSync(target.path, openFlags), () => Promise.resolve(undefined));
    if (file === undefined) return undefined;
    const opened = file;
    await checkOpened(opened, target);
    return await quickDisk.do(() => {
      const found = fstatSync(opened);
      if (!found.isFile() || found.size > Math.min(limit, smallBytes)) return undefined;
      const buffer = Buffer.allocUnsafe(found.size + 1);
      const bytes = readSync(opened, buffer, 0, buffer.length, 0);
      // It grows while it is read, or is one of the kernel's, which have no size.
      return bytes === found.size && bytes > 0 ? buffer.subarray(0, bytes) : undefined;
    }, () => Promise.resolve(undefined));
  } catch (error) {
    throw fileError(target, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/**
 * Opens a regular file for reading; throws as `readBytes`. What was opened is looked at before anything of it is used: the decision may have waited for a person,
 * and the folders of the path may be others by now.
 */
export async function openFile(target: FileTarget): Promise<FileHandle> {
  let file: FileHandle | undefined;
  try {
    file = await open(target.path, openFlags);
    await checkOpened(file.fd, target);
    const found = await file.stat();
    if (!found.isFile()) throw wrongKind(target, found);
    return file;
  } catch (error) {
    await file?.close();
    throw fileError(target, error);
  }
}

/** Text of whatever encoding `decodeAny` knows, without its byte order mark. Throws `invalid-input` for what is no text. */
export function decodeReadable({ shown }: FileTarget, bytes: Uint8Array): EncodedText {
  refusePdf(shown, bytes);
  const whole = decodeAny(bytes);
  if (whole === undefined) throw new AssassinError('invalid-input', `${shown} is not a text file.`, { hint: pictureFacts(bytes) === undefined ? 'Only text can be read: UTF-8, UTF-16 with a byte order mark, or one byte a character.' : 'It is a picture: read it with workspace.readPicture.' });
  return whole;
}

/** UTF-8, and UTF-16 that says so by its byte order mark; the mark itself is no part of the text. */
export function decodeText({ shown }: FileTarget, bytes: Uint8Array): string {
  refusePdf(shown, bytes);
  const whole = decodeWhole(bytes);
  if (whole === undefined) throw new AssassinError('invalid-input', `${shown} is not UTF-8 text.`, { hint: 'Only text files can be read: UTF-8, or UTF-16 with a byte order mark. Convert it to UTF-8 first.' });
  return whole.text.replace(/^\ufeff/, '');
}

/** Its bytes may all be characters, of which nobody can read a sentence. */
export function refusePdf(shown: string, bytes: Uint8Array): void {
  if (Buffer.from(bytes.subarray(0, 5)).toString('latin1') !== '%PDF-') return;
  throw new AssassinError('invalid-input', `${shown} is a PDF, not text.`, { hint: 'Make text of it first, for example with the program pdftotext, and name that.' });
}

export function tooLarge({ shown }: FileTarget, bytes: number, limit: number): AssassinError {
  return new AssassinError('invalid-input', `${shown} has ${bytes} bytes, more than the ${limit} of one read or write.`, { hint: 'Split it into smaller files.' });
}

function wrongKind({ shown }: FileTarget, found: Stats): AssassinError {
  return found.isDirectory()
    ? new AssassinError('invalid-input', `${shown} is a folder, not a file.`, { hint: 'List it, or name a file in it.' })
    : new AssassinError('invalid-input', `${shown} is not a regular file.`, { hint: 'Name a regular file.' });
}

function fileError({ shown }: FileTarget, error: unknown): AssassinError {
  if (AssassinError.isInstance(error)) return error;
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case 'ENOENT':
      return new AssassinError('file-not-found', `There is no ${shown}.`, { hint: 'Check the path; it is relative to the workspace.', cause: error });
    case 'EEXIST':
    case 'ENOTDIR':
      return new AssassinError('invalid-input', `${shown} is not a folder, or lies below a file.`, { hint: 'Check the path.', cause: error });
    case 'EISDIR':
      return new AssassinError('invalid-input', `${shown} is a folder, not a file.`, { hint: 'Name a file in it.', cause: error });
    case 'ELOOP':
      return new AssassinError('denied', `${shown} was replaced by a link after access to it had been decided.`, { hint: 'Run it again if that change is yours.', cause: error });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AssassinError('tool-failed', `The system does not allow access to ${shown} (${code}).`, { hint: 'Check the rights of the file and its folder.', cause: error });
    case 'ENOSPC':
    case 'EDQUOT':
      return new AssassinError('tool-failed', `There is no space left to write ${shown}.`, { hint: 'Free some space on that disk.', cause: error });
    default:
      return new AssassinError('tool-failed', `${shown} could not be used: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Absent is an answer; every other failure is an error. */
function missing(error: NodeJS.ErrnoException): undefined {
  if (missingCodes.has(error.code)) return undefined;
  throw error;
}

const missingCodes: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR']);
