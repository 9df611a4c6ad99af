/** What Request and Response have in common: bytes, or a stream that brings them. */
export const bodySource = String.raw`
/** Bytes or a stream, and the type that goes with them. */
function contentOf(value) {
  if (value === undefined || value === null) return { bytes: null, type: null };
  const bytes = bytesOfView(value);
  if (bytes !== undefined) return { bytes, type: null };
  if (value instanceof URLSearchParams) return { bytes: encoder.encode(value.toString()), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  // What was never asked for has no instances.
  if (forms !== undefined && value instanceof forms.Blob) return { bytes: forms.bytesOfBlob(value), type: value.type || null };
  if (forms !== undefined && value instanceof forms.FormData) return forms.encodeForm(value);
  if (typeof value === 'object' && typeof value[Symbol.asyncIterator] === 'function') {
    const { ReadableStream, isDisturbed } = needForms();
    const stream = value instanceof ReadableStream ? value : ReadableStream.from(value);
    if (stream.locked || isDisturbed(stream)) throw new TypeError('The stream is being read, or has been.');
    return { bytes: null, stream, type: null };
  }
  return { bytes: encoder.encode('' + value), type: 'text/plain;charset=UTF-8' };
}

class Body {
  #bytes;
  #stream;
  #used = false;
  constructor({ bytes, stream }) {
    this.#bytes = bytes;
    this.#stream = stream;
  }
  get body() {
    if (this.#bytes === null && this.#stream === undefined) return null;
    if (this.#stream === undefined) {
      this.#stream = needForms().ReadableStream.from(this.#bytes.length === 0 ? [] : [this.#bytes]);
      // Whoever reads it again reads a stream that has ended.
      if (this.#used) void this.#stream.cancel();
    }
    return this.#stream;
  }
  get bodyUsed() { return this.#used || (this.#stream !== undefined && forms.isDisturbed(this.#stream)); }
  async bytes() {
    if (this.bodyUsed) throw new TypeError('The body has been read already.');
    if (this.#stream?.locked) throw new TypeError('The body has a reader.');
    this.#used = this.#bytes !== null || this.#stream !== undefined;
    return this.#stream === undefined ? this.#bytes ?? new Uint8Array() : forms.bytesOfStream(this.#stream);
  }
  async arrayBuffer() { return (await this.bytes()).slice().buffer; }
  async text() { return decoder.decode(await this.bytes()); }
  async json() { return JSON.parse(await this.text()); }
  async formData() { return needForms().decodeForm(await this.bytes(), this.headers.get('content-type')); }
  async blob() { return new (needForms().Blob)([await this.bytes()], { type: this.headers.get('content-type') ?? '' }); }
  /** The content for one more body. */
  static copy(body) {
    if (body.bodyUsed || body.#stream?.locked) throw new TypeError('The body has been read already.');
    if (body.#stream === undefined) return { bytes: body.#bytes };
    const [own, other] = body.#stream.tee();
    body.#stream = own;
    return { bytes: null, stream: other };
  }
  static isEmpty({ bytes, stream }) { return bytes === null && stream === undefined; }
}
`;
