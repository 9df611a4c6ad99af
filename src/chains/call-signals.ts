import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { AssassinError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { parseInput } from '../tools/tool.ts';

/** A tool that does not listen to its signal must not hold up the program for longer. */
const graceMs = 1000;

const abortion = z.object({ call: z.number() });

export interface SignalledCall extends Disposable {
  /** Without the number under which the program can end it. */
  readonly input: Json;
  readonly signal: AbortSignal;
}

/** Calls that a program may end by an AbortSignal of its own: it gives each a number, and names that number when the signal aborts. */
export class CallSignals {
  readonly #calls = new Map<number, { readonly controller: AbortController; readonly over: PromiseWithResolvers<void> }>();

  /** `undefined` for a call that the program cannot end, as most are. */
  take(input: Json): SignalledCall | undefined {
    if (typeof input !== 'object' || input === null || !('$abort' in input)) return undefined;
    const { $abort: number, ...rest } = input;
    if (typeof number !== 'number') return undefined;
    const controller = new AbortController();
    const over = Promise.withResolvers<void>();
    this.#calls.set(number, { controller, over });
    return {
      input: rest,
      signal: controller.signal,
      [Symbol.dispose]: () => {
        this.#calls.delete(number);
        over.resolve();
      },
    };
  }

  /** Resolves once the call has ended, so that its end is on record before the program's can be. */
  async abort(input: Json): Promise<null> {
    const { call } = parseInput('call.abort', abortion, input);
    const found = this.#calls.get(call);
    found?.controller.abort(new AssassinError('cancelled', 'The program has ended this call.'));
    const enough = new AbortController();
    if (found) await Promise.race([found.over.promise, sleep(graceMs, undefined, { signal: enough.signal }).catch(() => undefined)]);
    enough.abort();
    return null;
  }
}
