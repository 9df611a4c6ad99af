import { toErrorInfo } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import type { Answer, CallMessage } from './protocol.ts';
import type { SandboxHost } from './sandbox.ts';

/** So many errors of failed calls are kept, to name one as the cause if the guest lets it end the run. */
const keptFailures = 100;

/** Carries out the guest's calls. Nothing but JSON text goes in either direction. */
export class HostCalls {
  readonly #host: SandboxHost;
  readonly #answer: (answers: readonly Answer[]) => void;
  readonly #abort = new AbortController();
  readonly #failures = new Map<number, unknown>();
  #ready: Answer[] = [];
  #count = 0;

  constructor(host: SandboxHost, answer: (answers: readonly Answer[]) => void) {
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

  start(calls: readonly CallMessage[]): void {
    for (const call of calls) {
      this.#count += 1;
      void this.#carryOut(call);
    }
  }

  /** Tells calls that are under way to end, and drops what they still bring. */
  stop(reason: unknown): void {
    this.#abort.abort(reason);
    this.#ready = [];
  }

  async #carryOut({ id, name, args }: CallMessage): Promise<void> {
    try {
      const parsed: Json = JSON.parse(args);
      const value = await this.#host.call(name, parsed, this.#abort.signal);
      this.#finish({ id, ok: true, json: JSON.stringify(value) ?? 'null' });
    } catch (error) {
      if (this.#failures.size >= keptFailures) this.#failures.delete(this.#failures.keys().next().value ?? id);
      this.#failures.set(id, error);
      const { code, message, hint } = toErrorInfo(error);
      this.#finish({ id, ok: false, json: JSON.stringify({ code, message, ...(hint === undefined ? {} : { hint }) }) });
    }
  }

  /** Answers that become ready in the same turn of the event loop travel together. */
  #finish(answer: Answer): void {
    if (this.#abort.signal.aborted) return;
    this.#ready.push(answer);
    if (this.#ready.length > 1) return;
    queueMicrotask(() => {
      const answers = this.#ready;
      this.#ready = [];
      if (answers.length > 0) this.#answer(answers);
    });
  }
}
