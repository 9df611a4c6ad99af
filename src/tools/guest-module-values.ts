/** Of the module `assassin`: results and arguments that are too large to cross whole. */
export const guestModuleValues = String.raw`
/** How much of a large value one call fetches. */
const piece = 1024 * 1024;

/** A result that is too large to be handed over whole: it stays with the host, and is read from there. */
class BigValue {
  #id;
  constructor(key, id, length) {
    if (key !== only) throw new TypeError('Large values come from calls, or from bigValue(text).');
    this.#id = id;
    this.length = length;
    freeze(this);
  }
  async slice(from = 0, to = this.length) {
    const start = from < 0 ? Math.max(0, this.length + from) : from, end = Math.min(to < 0 ? this.length + to : to, this.length);
    let text = '';
    while (start + text.length < end) text += await call('value.read', { id: this.#id, start: start + text.length, end });
    return text;
  }
  text() { return this.slice(); }
  async json() { return parse(await this.slice()); }
  async *lines() {
    let rest = '';
    for (let at = 0; at < this.length; at += piece) {
      const parts = (rest + await this.slice(at, at + piece)).split('\n');
      rest = parts.pop();
      for (const line of parts) yield line.endsWith('\r') ? line.slice(0, -1) : line;
    }
    if (rest !== '') yield rest;
  }
  /** What it is as an argument of another call. */
  toJSON() { return { $handle: this.#id }; }
}
freeze(BigValue);
freeze(BigValue.prototype);

/** Characters of one piece on the way to the host: as JSON they stay below what one call may carry, whatever they are. */
const sent = 512 * 1024;

/** Text that is too large for one argument goes to the host in pieces, and stays there for as long as the program. */
export async function bigValue(text) {
  let id = null, length = 0, rest = '';
  const write = async (piece) => {
    id = await call('value.write', { id, text: piece });
    length += piece.length;
  };
  for await (const chunk of typeof text === 'string' ? [text] : text) {
    if (typeof chunk !== 'string') throw new TypeError('bigValue takes text, or something that gives text piece by piece.');
    let at = 0;
    while (rest.length + chunk.length - at >= sent) {
      const next = at + sent - rest.length;
      await write(rest + chunk.slice(at, next));
      rest = '';
      at = next;
    }
    rest += chunk.slice(at);
  }
  if (rest !== '' || id === null) await write(rest);
  return new BigValue(only, id, length);
}

/** Only what is the own property of an answer counts: the program may have put the same names on every object. */
onAnswer((value) => {
  if (isArray(value) || !('$handle' in value)) return value;
  const handle = getOwnPropertyDescriptor(value, '$handle'), characters = getOwnPropertyDescriptor(value, 'characters');
  return handle !== undefined && characters !== undefined && typeof handle.value === 'string' && typeof characters.value === 'number' ? new BigValue(only, handle.value, characters.value) : value;
});
`;
