/** FormData, and the two ways in which a form is sent. */
export const formDataSource = String.raw`
class FormData {
  #list = [];
  constructor(form) {
    if (form !== undefined) throw new TypeError('There are no form elements here: make an empty FormData and append to it.');
  }
  #entry(name, value, filename) {
    if (!(value instanceof Blob)) return [('' + name).toWellFormed(), ('' + value).toWellFormed()];
    const isNamed = value instanceof File && filename === undefined;
    return [('' + name).toWellFormed(), isNamed ? value : new File([value], filename ?? 'blob', { type: value.type })];
  }
  append(name, value, filename) { this.#list.push(this.#entry(name, value, filename)); }
  set(name, value, filename) {
    const entry = this.#entry(name, value, filename), at = this.#list.findIndex(([each]) => each === entry[0]);
    if (at < 0) this.#list.push(entry);
    else this.#list = this.#list.flatMap((each, i) => (i === at ? [entry] : each[0] === entry[0] ? [] : [each]));
  }
  get(name) { return this.#list.find(([each]) => each === '' + name)?.[1] ?? null; }
  getAll(name) { return this.#list.flatMap(([each, value]) => (each === '' + name ? [value] : [])); }
  has(name) { return this.#list.some(([each]) => each === '' + name); }
  delete(name) { this.#list = this.#list.filter(([each]) => each !== '' + name); }
  forEach(callback, self) { for (const [name, value] of this) callback.call(self, value, name, this); }
  *entries() { for (const [name, value] of this.#list) yield [name, value]; }
  *keys() { for (const [name] of this.#list) yield name; }
  *values() { for (const [, value] of this.#list) yield value; }
  [Symbol.iterator]() { return this.entries(); }
  get [Symbol.toStringTag]() { return 'FormData'; }
}

const { random } = Math;
const inQuotes = (text) => text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');

/** A letter for each byte, so that text can be searched for in bytes. */
function lettersOf(bytes) {
  let letters = '';
  for (let i = 0; i < bytes.length; i += 4096) letters += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return letters;
}

function encodeForm(form) {
  const parts = [...form].map(([name, value]) => {
    const head = 'content-disposition: form-data; name="' + inQuotes(name) + '"';
    if (typeof value === 'string') return { head: head + '\r\n\r\n', bytes: encoder.encode(value.replace(/\r?\n|\r/g, '\r\n')) };
    return { head: head + '; filename="' + inQuotes(value.name) + '"\r\ncontent-type: ' + (value.type || 'application/octet-stream') + '\r\n\r\n', bytes: bytesOfBlob(value) };
  });
  // Without the grant "random" the numbers are known beforehand: what stands between the parts must stand in none of them.
  let boundary;
  do boundary = 'form-' + Array.from({ length: 3 }, () => Math.floor(random() * 0x100000000).toString(36)).join('');
  while (parts.some(({ bytes }) => lettersOf(bytes).includes(boundary)));
  const chunks = parts.flatMap(({ head, bytes }) => [encoder.encode('--' + boundary + '\r\n' + head), bytes, encoder.encode('\r\n')]);
  chunks.push(encoder.encode('--' + boundary + '--\r\n'));
  return { bytes: joinBytes(chunks, chunks.reduce((sum, { length }) => sum + length, 0)), type: 'multipart/form-data; boundary=' + boundary };
}

function parameter(head, name) {
  const found = new RegExp(';[ \\t]*' + name + '=(?:"([^"]*)"|([^;"\\s]+))', 'i').exec(head);
  return found === null ? undefined : found[1] ?? found[2];
}

const ofForm = (text) => decoder.decode(Uint8Array.from(text, (letter) => letter.charCodeAt(0))).replace(/%0a/gi, '\n').replace(/%0d/gi, '\r').replaceAll('%22', '"');

function decodeMultipart(bytes, boundary) {
  const form = new FormData(), letters = lettersOf(bytes), between = '\r\n--' + boundary;
  const broken = () => new TypeError('The body is not the multipart/form-data that its content-type announces.');
  // As if a line stood before it: what comes first may be the boundary, or a preamble that nobody reads.
  const first = letters.startsWith(between.slice(2)) ? -2 : letters.indexOf(between);
  if (first === -1) throw broken();
  let at = first + between.length;
  while (!letters.startsWith('--', at)) {
    const headEnd = letters.indexOf('\r\n\r\n', at), end = headEnd < 0 ? -1 : letters.indexOf(between, headEnd + 2);
    if (end < 0) throw broken();
    const lines = letters.slice(at, headEnd).split('\r\n');
    const header = (name) => lines.find((line) => line.toLowerCase().startsWith(name + ':'));
    const disposition = header('content-disposition') ?? '', name = parameter(disposition, 'name'), filename = parameter(disposition, 'filename');
    if (name === undefined) throw broken();
    const value = bytes.slice(headEnd + 4, end);
    if (filename === undefined) form.append(ofForm(name), decoder.decode(value));
    else form.append(ofForm(name), new File([value], ofForm(filename), { type: (header('content-type') ?? ':text/plain').replace(/^[^:]*:/, '').trim() }));
    at = end + between.length;
  }
  return form;
}

function decodeForm(bytes, type) {
  const kind = (type ?? '').split(';')[0].trim().toLowerCase();
  if (kind === 'multipart/form-data') {
    const boundary = parameter(type, 'boundary');
    if (boundary === undefined) throw new TypeError('The content-type names no boundary.');
    return decodeMultipart(bytes, boundary);
  }
  if (kind !== 'application/x-www-form-urlencoded') throw new TypeError('The body is no form: its content-type is ' + (type ?? 'missing') + '.');
  const form = new FormData();
  for (const [name, value] of new URLSearchParams(decoder.decode(bytes))) form.append(name, value);
  return form;
}
`;
