/** Random numbers: the same ones in every run, or the host's own good ones. */
export const random = String.raw`
// sfc32: small, fast, and the same in every engine. The engine's own generator would give every program of a kept memory the same numbers.
function startRandom(seed) {
  const part = (i) => parseInt(apply(slice, seed, [8 * i, 8 * i + 8]), 16) | 0;
  let a = part(0), b = part(1), c = part(2);
  let counter = 1;
  hide(Math, 'random', function random() {
    const sum = (a + b | 0) + counter | 0;
    counter = counter + 1 | 0;
    a = b ^ b >>> 9;
    b = c + (c << 3) | 0;
    c = (c << 21 | c >>> 11) + sum | 0;
    return (sum >>> 0) / 4294967296;
  });
  for (let i = 0; i < 12; i++) Math.random();
}

function seedRandom(seed) {
  startRandom(seed);
  const refuse = () => { throw new Error('This run has the same random numbers as every other: crypto needs the grant "random".'); };
  offer('crypto', freeze({ randomUUID: refuse, getRandomValues: refuse }));
}

const typedArrayTag = getOwnPropertyDescriptor(getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;
const bytesOf = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

function realRandom(seed) {
  startRandom(seed);
  offer('crypto', freeze({
    randomUUID() { return send('random-uuid', 0, '', ''); },
    getRandomValues(view) {
      const kind = apply(typedArrayTag, view, []);
      if (kind === undefined || kind.startsWith('Float')) throw new TypeError('crypto.getRandomValues needs a typed array of whole numbers.');
      if (view.byteLength > 65536) throw new RangeError('crypto.getRandomValues fills 65536 bytes at most.');
      const bytes = bytesOf(view);
      const hex = send('random-bytes', bytes.length, '', '');
      for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(hex.slice(2 * i, 2 * i + 2), 16);
      return view;
    },
  }));
}
`;
