/** Event, AbortController and AbortSignal, as far as programs use them to stop work. */
export const abort = String.raw`
class Event {
  constructor(type) { this.type = '' + type; this.target = null; this.timeStamp = performance.now(); }
}

class EventTarget {
  #listeners = [];
  addEventListener(type, listener, options) {
    if (listener === null || listener === undefined) return;
    const once = typeof options === 'object' && options !== null && !!options.once;
    if (!this.#listeners.some((entry) => entry.type === type && entry.listener === listener)) this.#listeners.push({ type, listener, once });
  }
  removeEventListener(type, listener) {
    this.#listeners = this.#listeners.filter((entry) => entry.type !== type || entry.listener !== listener);
  }
  dispatchEvent(event) {
    event.target = this;
    for (const entry of [...this.#listeners]) {
      if (entry.type !== event.type) continue;
      if (entry.once) this.removeEventListener(entry.type, entry.listener);
      try {
        if (typeof entry.listener === 'function') entry.listener.call(this, event);
        else entry.listener.handleEvent(event);
      } catch (error) {
        fail(error);
      }
    }
    return true;
  }
}

const abortError = (message, name) => {
  const error = new Error(message);
  hide(error, 'name', name);
  return error;
};

const makeSignal = {};
let abortSignal;

class AbortSignal extends EventTarget {
  #aborted = false;
  #reason = undefined;
  onabort = null;
  constructor(key) {
    super();
    if (key !== makeSignal) throw new TypeError('Make an AbortController, and use its signal.');
  }
  static {
    abortSignal = (signal, reason) => {
      if (signal.#aborted) return;
      signal.#aborted = true;
      signal.#reason = reason === undefined ? abortError('The work was aborted.', 'AbortError') : reason;
      const event = new Event('abort');
      if (typeof signal.onabort === 'function') signal.addEventListener('abort', signal.onabort, { once: true });
      signal.dispatchEvent(event);
    };
  }
  get aborted() { return this.#aborted; }
  get reason() { return this.#reason; }
  throwIfAborted() { if (this.#aborted) throw this.#reason; }
  static abort(reason) {
    const signal = new AbortSignal(makeSignal);
    abortSignal(signal, reason);
    return signal;
  }
  static timeout(ms) {
    const signal = new AbortSignal(makeSignal);
    startTimer(() => abortSignal(signal, abortError('The time was up.', 'TimeoutError')), ms, [], false);
    return signal;
  }
  static any(signals) {
    const signal = new AbortSignal(makeSignal);
    for (const source of signals) {
      if (source.aborted) abortSignal(signal, source.reason);
      else source.addEventListener('abort', () => abortSignal(signal, source.reason), { once: true });
    }
    return signal;
  }
}

class AbortController {
  #signal = new AbortSignal(makeSignal);
  get signal() { return this.#signal; }
  abort(reason) { abortSignal(this.#signal, reason); }
}

for (const type of [Event, EventTarget, AbortSignal, AbortController]) offer(type.name, type);
`;
