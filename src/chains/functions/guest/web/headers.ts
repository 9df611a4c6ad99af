/** Headers of a request or a response. */
export const headersSource = String.raw`
const token = /^[!#$%&'*+\-.^_${'`'}|~0-9A-Za-z]+$/;

class Headers {
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
`;
