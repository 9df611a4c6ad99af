import { bytesOf, call, get, set, tee } from './wasm-code.ts';
import { nextFunction, replaced, withBodies, withFunction, type AddedFunction } from './wasm-functions.ts';

/** A function by its number, and how it begins. */
interface Known {
  readonly number: number;
  readonly begins: string;
}

/** `JS_FreeValue(context, value)`: `JS_FreeValueRT(context->runtime, value)`. */
const freeOfContext: Known = { number: 39, begins: '00200028020820011028' };
/** `JS_FreeValueRT(runtime, value)`, without the room on the stack that it made. */
const freeOfRuntime: Known = { number: 40, begins: '02047f017e230041106b2104010102402001428080' };
const freeType = bytesOf('60027f7e00');
/** `JS_CallInternal`, which carries out the instructions of programs; here its locals, behind seven parameters: 38, 10 and 2. It gets three numbers and a value more. */
const interpreter: Known = { number: 92, begins: '03267f0a7e027c' };
const interpreterWithout = interpreter.begins.length / 2;
const interpreterWithMore = bytesOf('05267f0a7e027c037f017e');
/** `js_poll_interrupts(context)`, which counts down from 10,000. */
const poll: Known = { number: 93, begins: '01037f200020002802a402' };
const pollType = bytesOf('60017f017f');

const known = [freeOfContext, freeOfRuntime, interpreter, poll];

/** Calls of the two in the interpreter: 130 and 10. Nothing else in it looks like them. */
const callFree = bytesOf(call(freeOfContext.number));
const callPoll = bytesOf(call(poll.number));

/** Numbers of locals. `at` and `count` are written to. */
interface Places {
  readonly context: number;
  readonly value: number;
  readonly at: number;
  readonly count: number;
}

const added: Places = { context: 57, at: 58, count: 59, value: 60 };
/** The first argument, the second, and two locals. */
const own: Places = { context: 0, value: 1, at: 2, count: 3 };

/** Counts a value down that is still referred to; one that is not counted is let be, and for the last one something else happens. */
const countDown = ({ value, at, count }: Places, otherwise: string) => [
  `${get(value)}4280808080f07e5a0440`, // counted at all
  `${get(value)}a741046b${tee(at)}280200${tee(count)}41014a0440`, // more than once
  `${get(at)}${get(count)}41016b360200`,
  `05${otherwise}0b0b`,
].join('');

const countTurns = ({ context, count }: Places, otherwise: string) =>
  `${get(context)}2802a402${tee(count)}41014a047f${get(context)}${get(count)}41016b3602a402410005${otherwise}0b`;

/** With what is called where there is more to do. */
const ways = (wholeFree: string, wholePoll: string) => ({
  free: (places: Places) => countDown(places, `${get(places.context)}280208${get(places.value)}${wholeFree}`),
  freeOfRuntime: (places: Places) => countDown(places, `${get(places.context)}${get(places.value)}${wholeFree}`),
  poll: (places: Places) => countTurns(places, `${get(places.context)}${wholePoll}`),
});

/**
 * The same engine with what it does most often, to let go of a value and to ask whether it may go on, in a few instructions, and the whole of it only for a value that nobody refers to any more and
 * for each ten thousandth time. V8 puts functions that were called often in the place of their calls; in the largest function it decides about that while there is hardly a program to be seen, and
 * computing takes a third longer where it was wrong. There it is done ahead. Only for quickjs-wasi 3.6.2, after `withoutTraces`.
 */
export function withShortWays(wasm: Uint8Array): Uint8Array<ArrayBuffer> {
  const next = nextFunction(wasm);
  const short = ways(call(next), call(next + 1));
  const whole: AddedFunction[] = [];
  const changed = withBodies(wasm, known.map(({ number }) => number), (body, number) => {
    if (!known.some((each) => each.number === number && body.indexOf(bytesOf(each.begins)) === 0)) throw new Error('The WASM binary is not the one that is known.');
    switch (number) {
      case freeOfContext.number:
        return bytesOf(`01027f${short.free(own)}0b`);
      case freeOfRuntime.number:
        whole.push({ type: freeType, body });
        return bytesOf(`01027f${short.freeOfRuntime(own)}0b`);
      case poll.number:
        whole.push({ type: pollType, body });
        return bytesOf(`01017f${short.poll({ ...own, count: 1 })}0b`);
      default: {
        const freed = bytesOf(`${set(added.value)}${set(added.context)}${short.free(added)}`);
        const polled = bytesOf(`${set(added.context)}${short.poll(added)}`);
        return Buffer.concat([interpreterWithMore, replaced(replaced(body.subarray(interpreterWithout), callFree, freed), callPoll, polled)]);
      }
    }
  });
  return whole.reduce(withFunction, changed);
}
