/** Kept whole up to here; what a program prints beyond it is counted and dropped. */
const maxKept = 8 * 1024 * 1024;
/** Handed to the caller: the end, where programs say what went wrong. */
const tailBytes = 8 * 1024;

export interface CommandText {
  readonly tail: string;
  /** All of it, where it is longer than the tail. */
  readonly whole?: Uint8Array;
  /** Printed, whether kept or not. */
  readonly bytes: number;
}

/** What a program prints, both streams in the order in which they came. */
export class CommandOutput {
  readonly #chunks: Buffer[] = [];
  #kept = 0;
  #bytes = 0;

  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    const room = maxKept - this.#kept;
    if (room <= 0) return;
    const part = chunk.subarray(0, room);
    this.#chunks.push(part);
    this.#kept += part.length;
  }

  text(): CommandText {
    const whole = Buffer.concat(this.#chunks);
    const cut = whole.length > tailBytes;
    // A character that the cut goes through would be shown as rubbish.
    const tail = clean(new TextDecoder().decode(cut ? whole.subarray(firstWhole(whole, whole.length - tailBytes)) : whole));
    const dropped = this.#bytes > this.#kept ? `\n[${this.#bytes - this.#kept} more bytes were printed and not kept]` : '';
    return { tail: tail + dropped, bytes: this.#bytes, ...(cut ? { whole } : {}) };
  }
}

function firstWhole(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at]! & 0xc0) === 0x80) at += 1;
  return at;
}

/** Without the colours and cursor movements that are meant for a terminal. */
function clean(text: string): string {
  // oxlint-disable-next-line eslint/no-control-regex
  return text.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g, '').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '');
}
