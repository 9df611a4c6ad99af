/** One piece of work for all who need it at the same time. It is given up when the last of them has gone. */
export class SharedWork<T> {
  #going: { readonly result: Promise<T>; readonly abort: AbortController; waiting: number } | undefined;

  /** Joins what is going on, or begins `work`. Rejects with the reason of `signal`, or as the work does. */
  async join(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const going = (this.#going ??= this.#begin(work));
    going.waiting += 1;
    const gone = Promise.withResolvers<never>();
    const leave = () => gone.reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([going.result, gone.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
      going.waiting -= 1;
      if (going.waiting === 0) {
        if (this.#going === going) this.#going = undefined;
        going.abort.abort(signal.reason);
      }
    }
  }

  #begin(work: (signal: AbortSignal) => Promise<T>) {
    const abort = new AbortController();
    const result = work(abort.signal);
    const going = { result, abort, waiting: 0 };
    const over = () => {
      if (this.#going === going) this.#going = undefined;
    };
    result.then(over, over);
    return going;
  }
}
