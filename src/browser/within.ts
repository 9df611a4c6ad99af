/**
 * The first of: the work, the abort of `signal`, and `ms` milliseconds (then the error that `late` makes). The work itself is not stopped: what it
 * still does afterwards fails unheard, because whoever asked has his answer.
 */
export async function within<T>(work: Promise<T>, signal: AbortSignal, ms: number, late: () => Error): Promise<T> {
  work.catch(() => undefined);
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = Number.isFinite(ms) ? setTimeout(() => reject(late()), ms) : undefined;
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
