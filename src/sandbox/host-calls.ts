import { AssassinError, toErrorInfo } from '../shared/errors.ts';
import { parsedJson, type Json } from '../shared/json.ts';
import type { CallsMessage } from './protocol.ts';
import type { SandboxHost } from './sandbox.ts';

/** So many errors of failed calls are kept, to name one as the cause if the guest lets it end the run. */
const keptFailures = 100;
/** Answers of so many characters travel alone: one that the guest has no room for must not take others with it. */
const largeAnswer = 1024;

export interface Answers {
  readonly count: number;
  /** The call, where the answer is a single one; otherwise 0. */
  readonly id: number;
  readonly json: string;
}

/** Carries out the guest's calls. Nothing but JSON text goes in either direction. */
export class HostCalls {
  readonly #host: SandboxHost;
  readonly #answer: (answers: Answers) => void;
  /** Made for the first call: most programs of a few lines make none. */
  #abort: AbortController | undefined;
  #stopped = false;
  readonly #failures = new Map<number, unknown>();
  #ready: string[] = [];
  #lastReady = 0;
  #count = 0;

  constructor(host: SandboxHost, answer: (answers: Answers) => void) {
    this.#host = host;
    this.#answer = answer;
  }

  get count(): number {
    return this.#count;
  }

  /** What a call failed with. */
  failure(call: number): unknown {
    return this.#failures.get(call);
  }

  /** Throws `sandbox-crashed` for what the boot code never says. */
  start({ count, json }: CallsMessage): void {
    const calls = parsedJson(json);
    if (!Array.isArray(calls) || calls.length !== count) throw broken();
    for (const call of calls) {
      if (!isCall(call)) throw broken();
      // One of these may have ended the run: the others must have no effects any more.
      if (this.#stopped) return;
      this.#count += 1;
      void this.#carryOut(...call);
    }
  }

  /** Tells calls that are under way to end, and drops what they still bring. The reason is made only where there were any: an error costs more than all else that ends a small program. */
  stop(reason: () => unknown): void {
    this.#stopped = true;
    this.#abort?.abort(reason());
    this.#ready = [];
  }

  async #carryOut(id: number, name: string, args: Json): Promise<void> {
    this.#abort ??= new AbortController();
    try {
      const value = await this.#host.call(name, args, this.#abort.signal);
      this.#finish(id, `${id},1,${JSON.stringify(value) ?? 'null'}`);
    } catch (error) {
      if (this.#failures.size >= keptFailures) this.#failures.delete(this.#failures.keys().next().value ?? id);
      this.#failures.set(id, error);
      const { code, message, hint } = toErrorInfo(error);
      this.#finish(id, `${id},0,${JSON.stringify({ code, message, ...(hint === undefined ? {} : { hint }) })}`);
    }
  }

  /** Answers that become ready in the same turn of the event loop travel together. */
  #finish(id: number, answer: string): void {
    if (this.#stopped) return;
    if (answer.length > largeAnswer) {
      this.#answer({ count: 1, id, json: `[${answer}]` });
      return;
    }
    this.#lastReady = id;
    if (this.#ready.push(answer) > 1) return;
    queueMicrotask(() => {
      const answers = this.#ready;
      this.#ready = [];
      if (answers.length > 0) this.#answer({ count: answers.length, id: answers.length === 1 ? this.#lastReady : 0, json: `[${answers.join(',')}]` });
    });
  }
}

function isCall(call: unknown): call is [id: number, name: string, args: Json] {
  return Array.isArray(call) && call.length === 3 && typeof call[0] === 'number' && typeof call[1] === 'string';
}

function broken(): AssassinError {
  return new AssassinError('sandbox-crashed', 'The sandbox made a call that cannot be read.', { hint: 'Run it again.' });
}
