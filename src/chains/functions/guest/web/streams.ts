/** ReadableStream, as far as bodies need it: chunks one after the other, by a reader or by `for await`, with room for one ahead. */
export const streamsSource = String.raw`
let isDisturbed;

class ReadableStream {
  #queue = [];
  #waiting = [];
  #ended = false;
  #failure = undefined;
  #locked = false;
  #disturbed = false;
  #pulling = true;
  #source;
  #ahead;
  #controller;
  static { isDisturbed = (stream) => stream.#disturbed; }

  constructor(source = {}, { highWaterMark = 1 } = {}) {
    this.#source = source;
    this.#ahead = highWaterMark;
    const stream = this;
    this.#controller = {
      enqueue(chunk) { stream.#enqueue(chunk); },
      close() { stream.#close(); },
      error(reason) { stream.#fail(reason); },
      get desiredSize() { return stream.#failure !== undefined ? null : stream.#ended ? 0 : stream.#ahead - stream.#queue.length; },
    };
    const started = typeof source.start === 'function' ? source.start(this.#controller) : undefined;
    Promise.resolve(started).then(() => { this.#pulling = false; this.#pull(); }, (reason) => this.#fail(reason));
  }

  /** Chunks of anything that can be iterated, also asynchronously. */
  static from(chunks) {
    const make = chunks?.[Symbol.asyncIterator] ?? chunks?.[Symbol.iterator];
    if (typeof make !== 'function') throw new TypeError('A stream is made from something that can be iterated.');
    const iterator = make.call(chunks);
    return new ReadableStream({
      async pull(controller) {
        const { value, done } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(await value);
      },
      async cancel(reason) { await iterator.return?.(reason); },
    }, { highWaterMark: 0 });
  }

  get locked() { return this.#locked; }

  #enqueue(chunk) {
    if (this.#ended || this.#failure !== undefined) throw new TypeError('The stream has ended; nothing can be added to it.');
    const reader = this.#waiting.shift();
    if (reader === undefined) this.#queue.push(chunk);
    else reader.resolve({ value: chunk, done: false });
    this.#pull();
  }

  #close() {
    if (this.#ended || this.#failure !== undefined) throw new TypeError('The stream has ended already.');
    this.#ended = true;
    for (const reader of this.#waiting.splice(0)) reader.resolve({ value: undefined, done: true });
  }

  #fail(reason) {
    if (this.#ended || this.#failure !== undefined) return;
    this.#failure = { reason };
    this.#queue = [];
    for (const reader of this.#waiting.splice(0)) reader.reject(reason);
  }

  #pull() {
    if (this.#pulling || this.#ended || this.#failure !== undefined || typeof this.#source.pull !== 'function') return;
    if (this.#waiting.length === 0 && this.#queue.length >= this.#ahead) return;
    this.#pulling = true;
    (async () => this.#source.pull(this.#controller))().then(() => { this.#pulling = false; this.#pull(); }, (reason) => this.#fail(reason));
  }

  #read() {
    this.#disturbed = true;
    if (this.#failure !== undefined) return Promise.reject(this.#failure.reason);
    if (this.#queue.length > 0) {
      const value = this.#queue.shift();
      this.#pull();
      return Promise.resolve({ value, done: false });
    }
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#pull();
    });
  }

  async #cancel(reason) {
    this.#disturbed = true;
    if (this.#failure !== undefined) throw this.#failure.reason;
    if (this.#ended) { this.#queue = []; return; }
    this.#close();
    this.#queue = [];
    await this.#source.cancel?.(reason);
  }

  async cancel(reason) {
    if (this.#locked) throw new TypeError('The stream has a reader; cancel that.');
    await this.#cancel(reason);
  }

  getReader() {
    if (this.#locked) throw new TypeError('The stream has a reader already.');
    this.#locked = true;
    const stream = this;
    let released = false;
    const held = () => { if (released) throw new TypeError('The reader has been released.'); };
    return {
      async read() { held(); return stream.#read(); },
      async cancel(reason) { held(); await stream.#cancel(reason); },
      releaseLock() {
        if (released) return;
        released = true;
        stream.#locked = false;
      },
    };
  }

  /** Leaving the loop early cancels the stream. */
  async *values({ preventCancel = false } = {}) {
    const reader = this.getReader();
    let whole = false;
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) {
          whole = true;
          return;
        }
        yield value;
      }
    } catch (error) {
      whole = true;
      throw error;
    } finally {
      if (!whole && !preventCancel) await reader.cancel();
      reader.releaseLock();
    }
  }
  [Symbol.asyncIterator](options) { return this.values(options); }

  /** Two streams of the same chunks; what the slower one has not read yet is kept. */
  tee() {
    const reader = this.getReader(), kept = [[], []], gone = [false, false];
    let reading;
    const branch = (own) => new ReadableStream({
      async pull(controller) {
        while (kept[own].length === 0) {
          reading ??= reader.read().then((result) => {
            for (const each of [0, 1]) if (!gone[each]) kept[each].push(result);
          }).finally(() => { reading = undefined; });
          await reading;
        }
        const { value, done } = kept[own].shift();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel(reason) {
        gone[own] = true;
        kept[own] = [];
        if (gone[0] && gone[1]) await reader.cancel(reason);
      },
    }, { highWaterMark: 0 });
    return [branch(0), branch(1)];
  }

  pipeTo() { return Promise.reject(new TypeError('There are no writable streams here: use "for await (const chunk of stream)".')); }
  pipeThrough() { throw new TypeError('There are no transform streams here: use an async generator over the stream, and ReadableStream.from.'); }
  get [Symbol.toStringTag]() { return 'ReadableStream'; }
}

/** All bytes of a stream. */
async function bytesOfStream(stream) {
  const chunks = [];
  let length = 0;
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('The chunks of a body are Uint8Array; make them of text with TextEncoder.');
    chunks.push(chunk);
    length += chunk.length;
  }
  return joinBytes(chunks, length);
}
`;
