import { createHash, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EgressFetch } from '../policy/egress-fetch.ts';
import { formatBytes } from '../shared/bytes.ts';
import { AssassinError, describeError } from '../shared/errors.ts';

/** Four times the largest of today. */
const maxBytes = 1024 ** 3;

/** What the server says of the size in bytes, `undefined` where it says nothing. Throws `browser-failed` where there is no such file. */
export async function sizeOf(url: URL, { fetch }: EgressFetch, signal: AbortSignal): Promise<number | undefined> {
  const response = await answered(fetch(url, { method: 'HEAD', signal }), url, signal);
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  return Number.isSafeInteger(length) && length > 0 ? length : undefined;
}

async function answered(work: Promise<Response>, url: URL, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await work;
  } catch (error) {
    signal.throwIfAborted();
    if (AssassinError.isInstance(error)) throw error;
    throw new AssassinError('browser-failed', `${url.origin} could not be reached: ${describeError(error)}`, { hint: 'Check the network connection, or name another place with --mirror.', cause: error });
  }
  if (response.status === 200) return response;
  await response.body?.cancel();
  throw new AssassinError('browser-failed', `${url.href} answered ${response.status}.`, { hint: response.status === 404 ? 'There is no such version for this platform. Name another one.' : 'Try again later, or name another place with --mirror.' });
}

interface FetchOptions {
  readonly signal: AbortSignal;
  readonly expected: string | undefined;
  readonly progress: (received: number) => void;
}

/** Writes the file while it comes, and checks it against what is known of it. Throws `browser-failed`, or the reason of the signal. */
export async function fetchTo(path: string, url: URL, { fetch }: EgressFetch, { signal, expected, progress }: FetchOptions): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const response = await answered(fetch(url, { signal }), url, signal);
  const length = response.headers.get('content-length');
  const sums: Readonly<Record<'sha256' | 'md5', Hash>> = { sha256: createHash('sha256'), md5: createHash('md5') };
  let bytes = 0;
  try {
    await using file = await open(path, 'wx', 0o600);
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw broken(url, `is larger than ${formatBytes(maxBytes)}`);
      for (const sum of Object.values(sums)) sum.update(chunk);
      await file.writeFile(chunk);
      progress(bytes);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (AssassinError.isInstance(error)) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') throw new AssassinError('browser-failed', `There is no room for the download on the disk of ${dirname(path)}.`, { hint: 'Make room, or use another data directory.', cause: error });
    throw broken(url, `broke off after ${formatBytes(bytes)}`, error);
  }
  if (length !== null && Number(length) !== bytes) throw broken(url, `broke off: ${bytes} of ${length} bytes came`);
  const sha256 = sums.sha256.digest('hex');
  if (expected !== undefined && sha256 !== expected.toLowerCase()) throw broken(url, `is not what was asked for: its SHA-256 is ${sha256}`);
  // Google's storage says what it sent; there is no published list of hashes to compare with.
  const md5 = /(?:^|,)\s*md5=([A-Za-z0-9+/]+=*)/.exec(response.headers.get('x-goog-hash') ?? '')?.[1];
  if (md5 !== undefined && md5 !== sums.md5.digest('base64')) throw broken(url, 'was damaged on its way: its MD5 is not the one that the server names');
  return { bytes, sha256 };
}

/** What came is not what should have come. */
export const broken = (url: URL, what: string, cause?: unknown): AssassinError =>
  new AssassinError('browser-failed', `The download of ${url.href} ${what}.`, { hint: 'Nothing was kept. Try again.', ...(cause === undefined ? {} : { cause }) });
