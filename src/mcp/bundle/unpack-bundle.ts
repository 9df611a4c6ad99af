import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import type { Entry } from 'yauzl';
import { formatBytes } from '../../shared/bytes.ts';
import { AssassinError, describeError, sentence } from '../../shared/errors.ts';

export interface BundleLimits {
  readonly files: number;
  readonly fileBytes: number;
  readonly totalBytes: number;
  readonly manifestBytes: number;
}

const mib = 1024 ** 2;
/** Larger than every bundle that carries its own runtime, and small enough for a disk. */
export const bundleLimits: BundleLimits = { files: 50_000, fileBytes: 512 * mib, totalBytes: 1024 * mib, manifestBytes: mib };
export const maxArchiveBytes = 512 * mib;

/** Names that lead elsewhere on some system: drives, devices, streams of NTFS, endings that Windows drops. */
const badPart = /[\u0000-\u001f<>:"|?*\\]|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)|[. ]$/i;

/**
 * Unpacks an archive into an empty folder and gives the text of its `manifest.json`. Nothing is written outside of the folder: no path that leads out of it, no link, nothing
 * twice. What an entry says of its size is not believed. Throws `invalid-input`, and the reason of the signal.
 */
export async function unpackBundle(archive: Buffer, folder: string, signal: AbortSignal, limits: BundleLimits = bundleLimits): Promise<string> {
  const { fromBufferPromise } = (await import('yauzl')).default;
  const zip = await fromBufferPromise(withoutSignature(archive), { lazyEntries: true, strictFileNames: true, validateEntrySizes: true }).catch((error: unknown) => {
    throw broken(`is no archive: ${describeError(error)}`, error);
  });
  const seen = new Set<string>();
  const manifest: Buffer[] = [];
  let [files, total] = [0, 0];
  try {
    for await (const entry of zip.eachEntry()) {
      signal.throwIfAborted();
      const { fileName } = entry;
      const isFolder = fileName.endsWith('/');
      checkEntry(entry, seen);
      if (++files > limits.files) throw broken(`holds more than ${limits.files} files`);
      if (isFolder) continue;
      const path = join(folder, ...fileName.split('/'));
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const caps = fileName === 'manifest.json' ? Math.min(limits.manifestBytes, limits.fileBytes) : limits.fileBytes;
      let [bytes, sum] = [0, 0];
      const counted = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          bytes += chunk.length;
          total += chunk.length;
          sum = crc32(chunk, sum);
          if (bytes > caps) return done(broken(`holds ${fileName}, which is larger than ${formatBytes(caps)}`));
          if (total > limits.totalBytes) return done(broken(`is larger than ${formatBytes(limits.totalBytes)} unpacked`));
          if (fileName === 'manifest.json') manifest.push(chunk);
          done(null, chunk);
        },
      });
      await pipeline(await zip.openReadStreamPromise(entry), counted, createWriteStream(path, { flags: 'wx', mode: isExecutable(entry) ? 0o700 : 0o600 }), { signal });
      // The library leaves this to its caller.
      if (sum !== entry.crc32) throw broken(`is damaged: ${fileName} is not what was packed`);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (AssassinError.isInstance(error)) throw error;
    throw broken(`could not be unpacked: ${describeError(error)}`, error);
  }
  if (!seen.has('manifest.json')) throw broken('has no manifest.json');
  return Buffer.concat(manifest).toString('utf8');
}

function checkEntry(entry: Entry, seen: Set<string>): void {
  const name = entry.fileName.replace(/\/$/, '');
  // The library has refused absolute paths and those that lead upwards; it knows nothing of drives and devices.
  if (name.length > 1000 || name.split('/').some((part) => part === '' || part === '.' || part === '..' || badPart.test(part))) throw broken(`holds a path that leads elsewhere: ${JSON.stringify(name.slice(0, 200))}`);
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (kind !== 0 && kind !== 0o100000 && kind !== 0o040000) throw broken(`holds ${JSON.stringify(name.slice(0, 200))}, which is neither a file nor a folder`);
  if (entry.isEncrypted()) throw broken('is encrypted');
  // Where letters of both cases are one, a second file would take the place of the first.
  const key = name.toLowerCase().normalize('NFC');
  if (seen.has(key) && !entry.fileName.endsWith('/')) throw broken(`holds ${JSON.stringify(name.slice(0, 200))} twice`);
  seen.add(key);
}

const isExecutable = ({ versionMadeBy, externalFileAttributes }: Entry): boolean => versionMadeBy >>> 8 === 3 && ((externalFileAttributes >>> 16) & 0o111) !== 0;

/** A signed bundle has its signature behind the archive. It is not verified here, and the archive ends before it. */
function withoutSignature(archive: Buffer): Buffer {
  const at = archive.subarray(-8).toString('latin1').endsWith('SIG_END') ? archive.lastIndexOf('MCPB_SIG_V1') : -1;
  return at < 0 ? archive : archive.subarray(0, at);
}

export const broken = (what: string, cause?: unknown): AssassinError => new AssassinError('invalid-input', `The bundle ${sentence(what)}`, { hint: 'Nothing of it was kept. Get it again from its author.', ...(cause === undefined ? {} : { cause }) });
