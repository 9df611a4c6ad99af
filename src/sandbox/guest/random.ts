/** Random numbers: the same ones in every run, or the host's own good ones. What most programs have is there before they come, in the memory that each begins with. */
export const random = String.raw`
const { parseInt } = globalThis;
let randomSeed = '';
let a = 0, b = 0, c = 0, counter = 0;

// sfc32: small, fast, and the same in every engine. The engine's own generator would give every program of a kept memory the same numbers.
function nextRandom() {
  const sum = (a + b | 0) + counter | 0;
  counter = counter + 1 | 0;
  a = b ^ b >>> 9;
  b = c + (c << 3) | 0;
  c = (c << 21 | c >>> 11) + sum | 0;
  return (sum >>> 0) / 4294967296;
}

function startRandom() {
  const part = (i) => parseInt(apply(slice, randomSeed, [8 * i, 8 * i + 8]), 16) | 0;
  a = part(0), b = part(1), c = part(2);
  counter = 1;
  randomSeed = '';
  for (let i = 0; i < 12; i++) nextRandom();
}

hide(Math, 'random', function random() {
  if (randomSeed !== '') startRandom();
  return nextRandom();
});

const typedArrayTag = getOwnPropertyDescriptor(getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;
const bytesOf = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

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

function refuseCrypto() {
  const refuse = () => { throw new Error('This run has the same random numbers as every other: crypto needs the grant "random".'); };
  offer('crypto', freeze({ randomUUID: refuse, getRandomValues: refuse }));
}
`;
