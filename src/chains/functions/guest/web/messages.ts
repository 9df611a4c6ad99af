/** Request and Response. */
export const messagesSource = String.raw`
class Request extends Body {
  #url; #method; #headers; #signal;
  constructor(input, init = {}) {
    const from = input instanceof Request ? input : undefined;
    const method = ('' + (init.method ?? from?.method ?? 'GET')).toUpperCase();
    const content = init.body === undefined && from ? { ...Body.copy(from), type: null } : contentOf(init.body);
    if (!Body.isEmpty(content) && (method === 'GET' || method === 'HEAD')) throw new TypeError('A request with ' + method + ' has no body.');
    super(content);
    this.#url = new URL(from ? from.url : '' + input).href;
    this.#method = method;
    this.#headers = new Headers(init.headers ?? from?.headers);
    if (content.type !== null && !this.#headers.has('content-type')) this.#headers.set('content-type', content.type);
    this.#signal = init.signal ?? from?.signal ?? new AbortController().signal;
  }
  get url() { return this.#url; }
  get method() { return this.#method; }
  get headers() { return this.#headers; }
  get signal() { return this.#signal; }
  clone() { return new Request(this); }
  get [Symbol.toStringTag]() { return 'Request'; }
}

const empty = new Set([101, 103, 204, 205, 304]);

class Response extends Body {
  #status; #statusText; #headers;
  constructor(body, init = {}) {
    const status = init.status ?? 200;
    if (!Number.isInteger(status) || status < 200 || status > 599) throw new RangeError('The status must be from 200 to 599.');
    const content = contentOf(body);
    if (!Body.isEmpty(content) && empty.has(status)) throw new TypeError('A response with status ' + status + ' has no body.');
    super(content);
    this.#status = status;
    this.#statusText = '' + (init.statusText ?? '');
    this.#headers = new Headers(init.headers);
    if (content.type !== null && !this.#headers.has('content-type')) this.#headers.set('content-type', content.type);
  }
  static json(value, init = {}) {
    const text = JSON.stringify(value);
    if (text === undefined) throw new TypeError('The value is not JSON.');
    const headers = new Headers(init.headers);
    if (!headers.has('content-type')) headers.set('content-type', 'application/json');
    return new Response(text, { ...init, headers });
  }
  static redirect(url, status = 302) { return new Response(null, { status, headers: { location: new URL('' + url).href } }); }
  get status() { return this.#status; }
  get statusText() { return this.#statusText; }
  get ok() { return this.#status < 300; }
  get headers() { return this.#headers; }
  get type() { return 'default'; }
  get url() { return ''; }
  get redirected() { return false; }
  clone() {
    const { bytes, stream } = Body.copy(this);
    return new Response(stream ?? bytes, { status: this.#status, statusText: this.#statusText, headers: this.#headers });
  }
  get [Symbol.toStringTag]() { return 'Response'; }
}
`;
