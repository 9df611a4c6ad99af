const fields = 2;
const ringField = 0;
const threadField = 1;

/** Memory that host and worker share beside their messages: how often the host has written, and which of the system's threads the worker is. */
export function newDoorbell(): SharedArrayBuffer {
  return new SharedArrayBuffer(fields * Int32Array.BYTES_PER_ELEMENT);
}

/** Wakes a worker that waits at its door for a message, which must have been posted already. */
export function ring(doorbell: SharedArrayBuffer): void {
  const cells = new Int32Array(doorbell);
  Atomics.add(cells, ringField, 1);
  Atomics.notify(cells, ringField);
}

export function threadBehind(doorbell: SharedArrayBuffer): number {
  return Atomics.load(new Int32Array(doorbell), threadField);
}

export function namePlate(doorbell: SharedArrayBuffer, thread: number): void {
  Atomics.store(new Int32Array(doorbell), threadField, thread);
}
