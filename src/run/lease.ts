import type { LeaseIdentity, LeaseKind } from '../shared/events.ts';

/** What a destroyed resource says of itself. `verified` only if somebody looked and found it gone. */
export interface Destruction {
  readonly verified: boolean;
  /** How that was made sure, in words: "process group 4711 not in the process list, profile folder removed". */
  readonly how: string;
}

export interface LeaseSpec {
  readonly kind: LeaseKind;
  readonly label: string;
  /** Wall milliseconds after which it is destroyed whatever it does. */
  readonly ttlMs?: number;
  /** It ends with this process whatever happens, and has no effect of its own: what is recorded of it may wait for the next effect of the run, some milliseconds at most. */
  readonly inProcess?: boolean;
  /** What is known before it exists: at least its folder, where it has one. */
  readonly identity?: LeaseIdentity;
}

/** Given to whoever creates the resource. */
export interface LeaseHandle {
  readonly id: string;
  /** Aborts when the run ends or the lease's own deadline passes. */
  readonly signal: AbortSignal;
  /** Call as soon as a pid, path or port is known: from then on a killed host's resource can be swept. */
  identify(identity: LeaseIdentity): void;
}

/** A resource that can be destroyed, once or many times with the same end. */
export interface Leasable {
  destroy(): Promise<Destruction>;
}

/** The resource in the hands of its user; `release` destroys it before the run ends. */
export interface Lease<T> extends AsyncDisposable {
  readonly id: string;
  readonly resource: T;
  release(): Promise<Destruction>;
}
