/** URL and URLSearchParams. The host parses: both engines then agree with what the host itself will make of the address. */
export const url = String.raw`
let followParams;

class URLSearchParams {
  #pairs = [];
  #changed = undefined;
  constructor(init = '') {
    if (typeof init === 'object' && init !== null || typeof init === 'function') {
      const pairs = typeof init[Symbol.iterator] === 'function' ? [...init] : keys(init).map((key) => [key, init[key]]);
      this.#pairs = pairs.map(([name, value]) => ['' + name, '' + value]);
    } else this.#read('' + init);
  }
  static {
    followParams = (params, text, changed) => { params.#read(text); params.#changed = changed; };
  }
  #read(text) {
    this.#pairs = [];
    for (const part of (text.startsWith('?') ? text.slice(1) : text).split('&')) {
      if (part === '') continue;
      const at = part.indexOf('=');
      this.#pairs.push([decodeForm(at < 0 ? part : part.slice(0, at)), at < 0 ? '' : decodeForm(part.slice(at + 1))]);
    }
  }
  #edit(pairs) {
    this.#pairs = pairs;
    if (this.#changed !== undefined) this.#changed(this.toString());
  }
  get size() { return this.#pairs.length; }
  append(name, value) { this.#edit([...this.#pairs, ['' + name, '' + value]]); }
  delete(name, value) { this.#edit(this.#pairs.filter((pair) => pair[0] !== '' + name || value !== undefined && pair[1] !== '' + value)); }
  get(name) { return this.#pairs.find((pair) => pair[0] === '' + name)?.[1] ?? null; }
  getAll(name) { return this.#pairs.filter((pair) => pair[0] === '' + name).map((pair) => pair[1]); }
  has(name, value) { return this.#pairs.some((pair) => pair[0] === '' + name && (value === undefined || pair[1] === '' + value)); }
  set(name, value) {
    const first = this.#pairs.findIndex((pair) => pair[0] === '' + name);
    if (first < 0) return this.append(name, value);
    this.#edit(this.#pairs.filter((pair, i) => i <= first || pair[0] !== '' + name).map((pair, i) => (i === first ? [pair[0], '' + value] : pair)));
  }
  sort() { this.#edit(this.#pairs.toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0))); }
  forEach(callback, self) { for (const [name, value] of this) callback.call(self, value, name, this); }
  *entries() { for (const [name, value] of this.#pairs) yield [name, value]; }
  *keys() { for (const [name] of this.#pairs) yield name; }
  *values() { for (const [, value] of this.#pairs) yield value; }
  [Symbol.iterator]() { return this.entries(); }
  toString() { return this.#pairs.map(([name, value]) => encodeForm(name) + '=' + encodeForm(value)).join('&'); }
}

function decodeForm(text) {
  const spaced = text.replaceAll('+', ' ');
  try { return decodeURIComponent(spaced); } catch { /* not all of it is well formed: take it byte by byte */ }
  const bytes = [];
  const source = new TextEncoder().encode(spaced);
  for (let i = 0; i < source.length; i++) {
    const hex = source[i] === 37 && i + 2 < source.length ? String.fromCharCode(source[i + 1], source[i + 2]) : '';
    if (/^[0-9a-f]{2}$/i.test(hex)) {
      bytes.push(parseInt(hex, 16));
      i += 2;
    } else bytes.push(source[i]);
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(bytes));
}

function encodeForm(text) {
  return encodeURIComponent(text.toWellFormed()).replace(/[!'()~]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase()).replaceAll('%20', '+');
}

const urlParts = ['protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'];

class URL {
  #parts;
  #params = undefined;
  constructor(url, base) {
    const text = '' + url;
    this.#parts = parse(send('url', base === undefined ? 0 : 1, text, base === undefined ? '' : '' + base));
    if (this.#parts === null) throw new TypeError('Invalid URL: ' + text.slice(0, 200));
  }
  static canParse(url, base) { return send('url', base === undefined ? 0 : 1, '' + url, base === undefined ? '' : '' + base) !== 'null'; }
  static parse(url, base) { try { return new URL(url, base); } catch { return null; } }
  static {
    for (const part of urlParts) {
      defineProperty(this.prototype, part, {
        __proto__: null, enumerable: true, configurable: true,
        get() { return this.#parts[part]; },
        set(value) { this.#set(part, '' + value); },
      });
    }
  }
  #set(part, value) {
    const parts = parse(send('url-set', 0, this.#parts.href, stringify([part, value])));
    if (parts === null) throw new TypeError('Invalid URL: ' + value.slice(0, 200));
    this.#parts = parts;
    if (this.#params !== undefined && part !== 'hash') this.#follow();
  }
  #follow() {
    followParams(this.#params, this.#parts.search, (query) => { this.#parts = parse(send('url-set', 0, this.#parts.href, stringify(['search', query]))); });
  }
  get href() { return this.#parts.href; }
  set href(value) { this.#set('href', '' + value); }
  get origin() { return this.#parts.origin; }
  get searchParams() {
    if (this.#params === undefined) {
      this.#params = new URLSearchParams();
      this.#follow();
    }
    return this.#params;
  }
  toString() { return this.#parts.href; }
  toJSON() { return this.#parts.href; }
}

offer('URLSearchParams', URLSearchParams);
offer('URL', URL);
`;
