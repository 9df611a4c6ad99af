import type { FromWorker, ToWorker } from './protocol.ts';

/** Counts the calls of the guest in one thread that have no answer yet. */
export class CallsUnderWay {
  #count = 0;

  get isAny(): boolean {
    return this.#count > 0;
  }

  /** One answer is all that it waits for. */
  get isOne(): boolean {
    return this.#count === 1;
  }

  heard(message: FromWorker): void {
    if (message.type === 'calls') this.#count += message.count;
  }

  posted(message: ToWorker): void {
    // One that was parked comes with calls that it made in another thread; what a guest before it left open has no answer any more.
    if (message.type === 'run') this.#count = message.parked?.callsUnderWay ?? 0;
    else if (message.type === 'answers') this.#count -= message.count;
  }
}
