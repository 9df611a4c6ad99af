import { open, stat } from 'node:fs/promises';
import { notSigned, statementOver, statementUnreadable } from './oauth-errors.ts';

/** Where a signed statement (JWT) is. One of the two is there. */
export interface JwtPlace {
  readonly text?: string | undefined;
  readonly file?: string | undefined;
  /** What the entry calls the field. */
  readonly field: string;
}

/** Those of the largest platforms have a few thousand characters. */
const maxBytes = 64 * 1024;

/**
 * The statement that is about to be shown to somebody: whatever has another form is not sent, so that no entry can have any other file of this machine sent
 * away. One that has ended is not sent either. Throws what is wrong with it, without a word of what it holds.
 */
export async function readJwt(about: { readonly name: string; readonly title: string }, { text, file, field }: JwtPlace, now: number): Promise<string> {
  const jwt = (file === undefined ? text ?? '' : await beginning(file).catch((error: unknown) => Promise.reject(statementUnreadable(about, field, file, error)))).trim();
  const [, payload] = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(jwt.length > maxBytes ? '' : jwt) ?? [];
  const claims = payload === undefined ? undefined : objectIn(payload);
  if (claims === undefined) throw notSigned(about, field);
  const end = 'exp' in claims && typeof claims.exp === 'number' ? claims.exp * 1000 : Infinity;
  if (end <= now) throw statementOver(about, field);
  return jwt;
}

/** One byte more than is allowed tells that there is more. What is no file may have no end, or no beginning. */
async function beginning(file: string): Promise<string> {
  if (!(await stat(file)).isFile()) throw new Error('It is no file.');
  await using handle = await open(file, 'r');
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxBytes + 1), 0, maxBytes + 1, 0);
  return buffer.toString('utf8', 0, bytesRead);
}

function objectIn(payload: string): object | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
