import type { RunScope } from '../../run/run-scope.ts';

/** The run, and the step of it, in which a call goes on. */
export interface Caller {
  readonly scope: RunScope;
  readonly step?: string;
}

/**
 * For whom a connection works just now. A server does not say which call its question belongs to; where several runs have calls under way, nobody can
 * tell, and what needs a run is refused.
 */
export class Callers {
  readonly #owner: Caller | undefined;
  readonly #active = new Set<Caller>();

  /** @param owner the run that a connection belongs to, where it belongs to one. */
  constructor(owner?: RunScope) {
    this.#owner = owner === undefined ? undefined : { scope: owner };
  }

  /** It works for this one until what is returned is disposed. */
  enter(caller: Caller | undefined): Disposable | undefined {
    if (caller === undefined) return undefined;
    this.#active.add(caller);
    return { [Symbol.dispose]: () => void this.#active.delete(caller) };
  }

  /** The one run that it works for. With several calls of it under way, which step is not known. */
  get only(): Caller | undefined {
    const [first, ...others] = this.#active;
    if (first === undefined) return this.#owner;
    if (others.length === 0) return first;
    return others.every(({ scope }) => scope === first.scope) ? { scope: first.scope } : undefined;
  }
}
