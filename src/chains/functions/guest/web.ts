/** The module that gives a program Request, Response and Headers. Only programs that answer requests have them: elsewhere there is no network, and libraries should see that. */
export const webModuleName = 'assassin:web';

export const webModuleSource = String.raw`
const { freeze, defineProperty } = Object;
const offer = (name, value) => defineProperty(globalThis, name, { __proto__: null, value, enumerable: false, configurable: true, writable: true });
const token = /^[!#$%&'*+\-.^_${'`'}|~0-9A-Za-z]+$/;

export class Headers {
  #entries = new Map();
  constructor(init) {
    if (init === undefined || init === null) return;
    const pairs = typeof init[Symbol.iterator] === 'function' ? init : Object.entries(init);
    for (const [name, value] of pairs) this.append(name, value);
  }
  #key(name) {
    if (!token.test('' + name)) throw new TypeError('"' + name + '" is not the name of a header.');
    return ('' + name).toLowerCase();
  }
  #value(value) {
    const text = ('' + value).replace(/^[\t\r\n ]+|[\t\r\n ]+$/g, '');
    if (/[\0\r\n]/.test(text)) throw new TypeError('A header may not hold a line break.');
    return text;
  }
  append(name, value) {
    const key = this.#key(name), list = this.#entries.get(key);
    if (list === undefined) this.#entries.set(key, [this.#value(value)]);
    else list.push(this.#value(value));
  }
  set(name, value) { this.#entries.set(this.#key(name), [this.#value(value)]); }
  get(name) { return this.#entries.get(this.#key(name))?.join(', ') ?? null; }
  has(name) { return this.#entries.has(this.#key(name)); }
  delete(name) { this.#entries.delete(this.#key(name)); }
  getSetCookie() { return [...(this.#entries.get('set-cookie') ?? [])]; }
  forEach(callback, self) { for (const [name, value] of this) callback.call(self, value, name, this); }
  *entries() {
    for (const name of [...this.#entries.keys()].sort()) {
      const list = this.#entries.get(name);
      if (name === 'set-cookie') for (const value of list) yield [name, value];
      else yield [name, list.join(', ')];
    }
  }
  *keys() { for (const [name] of this.entries()) yield name; }
  *values() { for (const [, value] of this.entries()) yield value; }
  [Symbol.iterator]() { return this.entries(); }
  get [Symbol.toStringTag]() { return 'Headers'; }
}

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** Bytes and the type that goes with them. */
function bodyOf(value) {
  if (value === undefined || value === null) return { bytes: null, type: null };
  if (value instanceof Uint8Array) return { bytes: value.slice(), type: null };
  if (ArrayBuffer.isView(value)) return { bytes: new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice(), type: null };
  if (value instanceof ArrayBuffer) return { bytes: new Uint8Array(value).slice(), type: null };
  if (value instanceof URLSearchParams) return { bytes: encoder.encode(value.toString()), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  return { bytes: encoder.encode('' + value), type: 'text/plain;charset=UTF-8' };
}

class Body {
  #bytes;
  #used = false;
  constructor(bytes) { this.#bytes = bytes; }
  get body() {
    if (this.#bytes === null) return null;
    const take = () => this.bytes();
    return { locked: false, async *[Symbol.asyncIterator]() { yield await take(); } };
  }
  get bodyUsed() { return this.#used; }
  async bytes() {
    if (this.#used) throw new TypeError('The body has been read already.');
    this.#used = this.#bytes !== null;
    return this.#bytes ?? new Uint8Array();
  }
  async arrayBuffer() { return (await this.bytes()).slice().buffer; }
  async text() { return decoder.decode(await this.bytes()); }
  async json() { return JSON.parse(await this.text()); }
  async formData() { throw new TypeError('There is no FormData here: read the body as text, and a form with new URLSearchParams(text).'); }
  async blob() { throw new TypeError('There is no Blob here: use bytes() or text().'); }
  static copy(body) {
    if (body.#used) throw new TypeError('The body has been read already.');
    return body.#bytes;
  }
}

export class Request extends Body {
  #url; #method; #headers; #signal;
  constructor(input, init = {}) {
    const from = input instanceof Request ? input : undefined;
    const method = ('' + (init.method ?? from?.method ?? 'GET')).toUpperCase();
    const { bytes, type } = init.body === undefined && from ? { bytes: Body.copy(from), type: null } : bodyOf(init.body);
    if (bytes !== null && (method === 'GET' || method === 'HEAD')) throw new TypeError('A request with ' + method + ' has no body.');
    super(bytes);
    this.#url = new URL(from ? from.url : '' + input).href;
    this.#method = method;
    this.#headers = new Headers(init.headers ?? from?.headers);
    if (type !== null && !this.#headers.has('content-type')) this.#headers.set('content-type', type);
    this.#signal = init.signal ?? from?.signal ?? new AbortController().signal;
  }
  get url() { return this.#url; }
  get method() { return this.#method; }
  get headers() { return this.#headers; }
  get signal() { return this.#signal; }
  clone() { return new Request(this.#url, { method: this.#method, headers: this.#headers, body: Body.copy(this) ?? undefined, signal: this.#signal }); }
  get [Symbol.toStringTag]() { return 'Request'; }
}

const empty = new Set([101, 103, 204, 205, 304]);

export class Response extends Body {
  #status; #statusText; #headers;
  constructor(body, init = {}) {
    const status = init.status ?? 200;
    if (!Number.isInteger(status) || status < 200 || status > 599) throw new RangeError('The status must be from 200 to 599.');
    const { bytes, type } = bodyOf(body);
    if (bytes !== null && empty.has(status)) throw new TypeError('A response with status ' + status + ' has no body.');
    super(bytes);
    this.#status = status;
    this.#statusText = '' + (init.statusText ?? '');
    this.#headers = new Headers(init.headers);
    if (type !== null && !this.#headers.has('content-type')) this.#headers.set('content-type', type);
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
  clone() { return new Response(Body.copy(this), { status: this.#status, statusText: this.#statusText, headers: this.#headers }); }
  get [Symbol.toStringTag]() { return 'Response'; }
}

for (const type of [Headers, Request, Response]) offer(type.name, type);
`;
