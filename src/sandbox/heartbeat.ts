/**
 * What a worker tells of the guest in it without sending messages: it writes while the guest computes, the host reads at any time,
 * also after the worker was terminated.
 */
export interface Heartbeat {
  /** Grows with every sign of life in this worker. */
  readonly beats: number;
  /** CPU milliseconds of the guest when they were last read, a millisecond ago at most while it computes. */
  readonly cpuMs: number;
  /** CPU milliseconds of the whole thread when those were read, from its start. */
  readonly threadMs: number;
  /** Size of the guest's WASM memory. It never shrinks, so it is the peak as well. */
  readonly memoryBytes: number;
}

const fields = 5;
const stopField = 3;

/** Of a guest that was in no worker yet. */
export const noHeartbeat: Heartbeat = { beats: 0, cpuMs: 0, threadMs: 0, memoryBytes: 0 };

export function newHeartbeat(): SharedArrayBuffer {
  return new SharedArrayBuffer(fields * Float64Array.BYTES_PER_ELEMENT);
}

/** The host's side of it. */
export class HeartbeatReader {
  readonly #cells: Float64Array;

  constructor(buffer: SharedArrayBuffer) {
    this.#cells = new Float64Array(buffer);
  }

  read(): Heartbeat {
    const [beats = 0, cpuMs = 0, memoryBytes = 0, , threadMs = 0] = this.#cells;
    return { beats, cpuMs, threadMs, memoryBytes };
  }

  get beats(): number {
    return this.#cells[0] ?? 0;
  }

  /** Tells a guest that computes to end: it looks at this whenever its engine asks whether it may go on. */
  askToStop(): void {
    this.#cells[stopField] = 1;
  }

  /** Ahead of each guest, while none is in the worker: what was told of one before it is not its own. One that was in another worker comes with what was told there. */
  begin({ cpuMs, memoryBytes }: Heartbeat): void {
    this.#cells[1] = cpuMs;
    this.#cells[2] = memoryBytes;
    this.#cells[stopField] = 0;
  }
}

export class HeartbeatWriter {
  readonly #cells: Float64Array;

  constructor(buffer: SharedArrayBuffer) {
    this.#cells = new Float64Array(buffer);
  }

  get mustStop(): boolean {
    return this.#cells[stopField] === 1;
  }

  /** A sign of life. */
  beat(memoryBytes: number): void {
    this.#cells[2] = memoryBytes;
    this.#cells[0] = (this.#cells[0] ?? 0) + 1;
  }

  /** What was read of the CPU time; a sign of life follows. */
  tell(cpuMs: number, threadMs: number): void {
    this.#cells[1] = cpuMs;
    this.#cells[4] = threadMs;
  }
}
