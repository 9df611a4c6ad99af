import * as z from 'zod';
import { AssassinError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { parseInput } from '../tools/tool.ts';

const abortion = z.object({ call: z.number() });

export interface SignalledCall extends Disposable {
  /** Without the number under which the program can end it. */
  readonly input: Json;
  readonly signal?: AbortSignal;
}

/** Calls that a program may end by an AbortSignal of its own: it gives each a number, and names that number when the signal aborts. */
export class CallSignals {
  readonly #controllers = new Map<number, AbortController>();

  take(input: Json): SignalledCall {
    if (typeof input !== 'object' || input === null || !('$abort' in input)) return { input, [Symbol.dispose]: () => undefined };
    const { $abort: number, ...rest } = input;
    if (typeof number !== 'number') return { input, [Symbol.dispose]: () => undefined };
    const controller = new AbortController();
    this.#controllers.set(number, controller);
    return { input: rest, signal: controller.signal, [Symbol.dispose]: () => void this.#controllers.delete(number) };
  }

  abort(input: Json): null {
    const { call } = parseInput('call.abort', abortion, input);
    this.#controllers.get(call)?.abort(new AssassinError('cancelled', 'The program has ended this call.'));
    return null;
  }
}
