/** Blob and File: bytes with a type, and with a name. */
export const blobSource = String.raw`
let bytesOfBlob;

class Blob {
  #bytes;
  #type;
  static { bytesOfBlob = (blob) => blob.#bytes; }
  constructor(parts = [], { type = '' } = {}) {
    if (typeof parts !== 'object' || parts === null || typeof parts[Symbol.iterator] !== 'function') throw new TypeError('A Blob is made of a list of parts.');
    const chunks = [];
    let length = 0;
    for (const part of parts) {
      const bytes = part instanceof Blob ? part.#bytes : bytesOfView(part) ?? encoder.encode('' + part);
      chunks.push(bytes);
      length += bytes.length;
    }
    this.#bytes = joinBytes(chunks, length);
    this.#type = /^[ -~]*$/.test('' + type) ? ('' + type).toLowerCase() : '';
  }
  get size() { return this.#bytes.length; }
  get type() { return this.#type; }
  slice(start, end, type = '') { return new Blob([this.#bytes.slice(start, end)], { type }); }
  async bytes() { return this.#bytes.slice(); }
  async arrayBuffer() { return this.#bytes.slice().buffer; }
  async text() { return decoder.decode(this.#bytes); }
  stream() { return ReadableStream.from(this.#bytes.length === 0 ? [] : [this.#bytes.slice()]); }
  get [Symbol.toStringTag]() { return 'Blob'; }
}

class File extends Blob {
  #name;
  #lastModified;
  constructor(parts, name, { lastModified = Date.now(), ...options } = {}) {
    super(parts, options);
    this.#name = '' + name;
    this.#lastModified = +lastModified;
  }
  get name() { return this.#name; }
  get lastModified() { return this.#lastModified; }
  get [Symbol.toStringTag]() { return 'File'; }
}
`;
