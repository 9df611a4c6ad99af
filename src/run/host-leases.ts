import { describeError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { HostIdentity } from '../store/host-identity.ts';
import type { RunStore } from '../store/run-store.ts';
import type { Destruction, Leasable, Lease, LeaseHandle, LeaseSpec } from './lease.ts';

export interface HostLeasesOptions {
  readonly store: RunStore;
  readonly host: HostIdentity;
  readonly log: (level: 'warn', message: string) => void;
}

/** A lease of the program that can become one of a run. */
export interface HostLease<T> extends Lease<T> {
  /** The resource is on record elsewhere by now, and goes with whatever has it there. */
  handOver(): void;
}

/** Resources that belong to the program and to none of its runs: on record before they exist, swept by the next start where the program is killed. */
export class HostLeases {
  readonly #options: HostLeasesOptions;

  constructor(options: HostLeasesOptions) {
    this.#options = options;
  }

  /** Throws what `create` throws; then what it has made is destroyed. */
  async lease<T extends Leasable>(spec: Omit<LeaseSpec, 'ttlMs'>, create: (handle: LeaseHandle) => Promise<T>): Promise<HostLease<T>> {
    const { store: { hostLeases }, host } = this.#options;
    const id = newId('l');
    let identity = spec.identity ?? {};
    hostLeases.insert({ id, kind: spec.kind, label: spec.label, identity, host });
    const ended = new AbortController();
    const creation = create({ id, signal: ended.signal, identify: (more) => hostLeases.identify(id, (identity = { ...identity, ...more })) });
    let release: Promise<Destruction> | undefined;
    const destroy = () => (release ??= this.#destroy(id, spec.label, creation));
    try {
      const resource = await creation;
      return {
        id, resource, release: destroy, [Symbol.asyncDispose]: async () => void (await destroy()),
        handOver: () => hostLeases.drop(id),
      };
    } catch (error) {
      ended.abort(error);
      await destroy();
      throw error;
    }
  }

  async #destroy(id: string, label: string, creation: Promise<Leasable>): Promise<Destruction> {
    const { store: { hostLeases }, log } = this.#options;
    const resource = await creation.catch(() => undefined);
    const result = await (resource?.destroy() ?? Promise.resolve({ verified: true, how: 'never came into being; its creator cleaned up' }))
      .catch((error: unknown) => ({ verified: false, how: describeError(error) }));
    if (result.verified) hostLeases.drop(id);
    else log('warn', `${label} could not be verified as gone (${result.how}). The next start tries again.`);
    return result;
  }
}
