/**
 * An answer that has been read already. The body of a `Response` is a stream, and a stream that is made, locked, read and closed for some hundred bytes costs
 * more than the request itself; here it is one only for whoever asks for it.
 */
export class WholeResponse extends Response {
  readonly #bytes: Buffer;
  #streaming: Response | undefined;

  constructor(bytes: Buffer, init: ResponseInit) {
    super(null, init);
    this.#bytes = bytes;
  }

  get #streamed(): Response {
    return (this.#streaming ??= new Response(new Uint8Array(this.#bytes)));
  }

  override get body(): Response['body'] {
    return this.#streamed.body;
  }

  override get bodyUsed(): boolean {
    return this.#streaming?.bodyUsed ?? false;
  }

  override text(): Promise<string> {
    return this.#streaming === undefined ? Promise.resolve(this.#bytes.toString('utf8')) : this.#streaming.text();
  }

  override async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#streamed.arrayBuffer();
  }
}
