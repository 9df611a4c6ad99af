import type { Journal } from '../run/journal.ts';
import { AssassinError } from '../shared/errors.ts';

/** Reads part of a blob of the store: offset and length in bytes. */
export type BlobReader = (hash: string, offset: number, length: number) => Promise<Uint8Array>;

/** Longest text of one result that a model is given at once, in characters. */
export const maxShown = 8000;
/** Largest part that one look at a stored result gives, in bytes. */
const maxRead = 16_000;
/** What is left of a result that was shortened to make room. */
const shortened = 200;

/** Of a stored result that is searched; no result of a tool is longer. */
const maxSearched = 16 * 1024 * 1024;
const maxFound = 50;
const maxLine = 240;

export interface FoundLine {
  /** From 1. */
  readonly line: number;
  /** In bytes, for reading on from there. */
  readonly offset: number;
  readonly text: string;
}

export interface ResultPart {
  readonly text: string;
  readonly offset: number;
  /** Of the whole result, in bytes. */
  readonly bytes: number;
  /** Where the next part begins; absent at the end. */
  readonly next?: number;
}

/** Long results of a run: in full as blobs of its journal, shortened with a handle for the model. */
export class ResultStore {
  readonly #journal: Pick<Journal, 'bytes'>;
  readonly #read: BlobReader;
  readonly #handles = new Map<string, { readonly hash: string; readonly bytes: number }>();

  constructor(journal: Pick<Journal, 'bytes'>, read: BlobReader) {
    this.#journal = journal;
    this.#read = read;
  }

  /** Length that `shorten` leaves at most. */
  static readonly shortLength = shortened + 120;

  /** The text, or its beginning and end with a handle for the rest. */
  cap(text: string): string {
    if (text.length <= maxShown) return text;
    const handle = this.#keep(text);
    const head = text.slice(0, Math.floor(maxShown * 0.6));
    const tail = text.slice(text.length - Math.floor(maxShown * 0.4));
    return `${head}\n[... ${text.length - head.length - tail.length} characters left out: read_result {"handle":"${handle}"} gives the whole in parts ...]\n${tail}`;
  }

  /** What is left of a result when room is needed: shorter than before, and nothing is lost. */
  shorten(text: string): string {
    return `${text.slice(0, shortened)}\n[... shortened from ${text.length} characters: read_result {"handle":"${this.#keep(text)}"} ...]`;
  }

  /** A blob that a tool has stored in this run, such as the whole output of a program, may be read under its own name. */
  adopt(hash: string, bytes: number): void {
    this.#handles.set(hash, { hash, bytes });
  }

  /** What an earlier run of the same conversation has stored may be read under the handles that it gave out. */
  inherit(blobs: readonly { readonly hash: string; readonly bytes: number }[]): void {
    for (const blob of blobs) for (const handle of [handleOf(blob.hash), blob.hash]) this.#handles.set(handle, blob);
  }

  /** Throws `file-not-found` for a handle that this run has not given out: blobs of other runs are nobody's business here. */
  async part(handle: string, from: number, length: number): Promise<ResultPart> {
    const known = this.#known(handle);
    // From the end, as people look at logs. The beginning may then fall into a character, which is left out.
    const start = from < 0 ? Math.max(0, known.bytes + from) : from;
    const read = await this.#read(known.hash, start, Math.min(length, maxRead));
    const skipped = from < 0 ? continuations(read) : 0;
    const offset = start + skipped;
    const bytes = read.subarray(skipped);
    const whole = wholeCharacters(bytes, offset + bytes.length >= known.bytes);
    const next = offset + whole.length;
    return { text: new TextDecoder().decode(whole), offset, bytes: known.bytes, ...(next < known.bytes && whole.length > 0 ? { next } : {}) };
  }

  /** The lines of a stored result that hold a text, in any letter case, each with its number and the offset at which it begins. Throws as `part`. */
  async find(handle: string, text: string): Promise<{ readonly lines: readonly FoundLine[]; readonly more: number }> {
    const known = this.#known(handle);
    const whole = Buffer.from(await this.#read(known.hash, 0, Math.min(known.bytes, maxSearched)));
    const wanted = text.toLowerCase();
    const lines: FoundLine[] = [];
    let more = 0;
    let offset = 0;
    for (const [index, line] of whole.toString('utf8').split('\n').entries()) {
      if (line.toLowerCase().includes(wanted)) {
        if (lines.length < maxFound) lines.push({ line: index + 1, offset, text: line.length > maxLine ? `${line.slice(0, maxLine)}...` : line });
        else more += 1;
      }
      offset += Buffer.byteLength(line) + 1;
    }
    return { lines, more };
  }

  #known(handle: string): { readonly hash: string; readonly bytes: number } {
    const known = this.#handles.get(handle);
    if (known === undefined) throw new AssassinError('file-not-found', `There is no result "${handle}" in this run.`, { hint: `Known are: ${[...this.#handles.keys()].join(', ') || 'none'}.`, data: { tool: 'read_result' } });
    return known;
  }

  #keep(text: string): string {
    const { blob, bytes } = this.#journal.bytes(new TextEncoder().encode(text), 'text/plain');
    // From the name of the blob: a conversation that is built anew after a restart holds handles that were given out before.
    const handle = handleOf(blob);
    this.#handles.set(handle, { hash: blob, bytes });
    return handle;
  }
}

function handleOf(hash: string): string {
  return `r${hash.slice(0, 10)}`;
}

/** Without a character that the end of the part cuts through; the next part begins with it. */
function wholeCharacters(bytes: Uint8Array, isEnd: boolean): Uint8Array {
  if (isEnd) return bytes;
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1]! & 0xc0) === 0x80) end -= 1;
  const lead = bytes[end - 1] ?? 0;
  const wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return bytes.length - (end - 1) >= wanted ? bytes : bytes.subarray(0, end - 1);
}

/** Bytes at the beginning that belong to a character before it. */
function continuations(bytes: Uint8Array): number {
  let count = 0;
  while (count < bytes.length && (bytes[count]! & 0xc0) === 0x80) count += 1;
  return count;
}
