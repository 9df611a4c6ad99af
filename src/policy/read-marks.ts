import type { UntrustedSource } from '../shared/approvals.ts';
import type { Action } from './action.ts';
import { maxSources, placeOf, type Untrusted } from './untrusted.ts';

/** What a run has read of strangers, and which places it has been in touch with without being asked. */
export class ReadMarks {
  readonly #workspace: string;
  readonly #record: (source: UntrustedSource) => void;
  readonly #sources = new Map<string, UntrustedSource>();
  readonly #places = new Set<string>();
  /** Its place is known: a loop calls one tool thousands of times. */
  #lastReached: Action | undefined;
  #untrusted: Untrusted | undefined;

  constructor(workspace: string, inherited: readonly UntrustedSource[], record: (source: UntrustedSource) => void) {
    this.#workspace = workspace;
    this.#record = record;
    for (const source of inherited) this.add(source);
  }

  get sources(): readonly UntrustedSource[] {
    return [...this.#sources.values()];
  }

  /** `undefined` while nothing was read. */
  get untrusted(): Untrusted | undefined {
    return this.#untrusted;
  }

  /** With how many places the run has been in touch: never fewer than before. */
  get places(): number {
    return this.#places.size;
  }

  /** On record the first time; the same source again is no news. */
  add(source: UntrustedSource): void {
    const key = `${source.kind} ${source.source}`;
    if (this.#sources.has(key) || this.#sources.size >= maxSources) return;
    this.#sources.set(key, source);
    this.#untrusted = { sources: this.sources, workspace: this.#workspace, knows: (action) => this.#places.has(placeOf(action) ?? '') };
    this.#record(source);
  }

  reached(action: Action): void {
    if (action === this.#lastReached) return;
    this.#lastReached = action;
    const place = placeOf(action);
    if (place !== undefined) this.#places.add(place);
  }
}
