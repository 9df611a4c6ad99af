import { availableParallelism } from 'node:os';
import type { Lease } from '../run/lease.ts';
import type { RunScope } from '../run/run-scope.ts';
import { LeasedSandbox } from './leased-sandbox.ts';
import { resolveLimits } from './limits.ts';
import type { EngineName } from './protocol.ts';
import type { Sandbox, SandboxLimits } from './sandbox.ts';
import { WorkerPool, type WorkerPoolState } from './worker-pool.ts';

export interface SandboxFactoryOptions {
  /** The bundled worker entry. */
  readonly worker: URL;
  /** The folder of the engines' WASM files, with a slash at its end. */
  readonly assets: URL;
  readonly limits: Partial<SandboxLimits>;
  readonly engine: EngineName;
  /** Modules, by name, that every program finds evaluated: they cost nothing when it starts. A program may bring the same ones along. */
  readonly prelude?: ReadonlyMap<string, string>;
  /** Milliseconds after which a worker that nobody uses is ended. */
  readonly idleMs?: number;
  /** Worker threads beyond which sandboxes that wait for calls make room for others; at least 4, and twice the processors, where nothing is said. */
  readonly maxAtOnce?: number;
}

const defaultIdleMs = 30_000;

/** Makes sandboxes. Nothing is loaded before the first lease, and nothing is left after dispose. */
export class SandboxFactory implements AsyncDisposable {
  readonly #limits: Partial<SandboxLimits>;
  readonly #pool: WorkerPool;
  #usual: SandboxLimits | undefined;

  constructor(options: SandboxFactoryOptions) {
    this.#limits = options.limits;
    const { worker, assets, engine, prelude = new Map<string, string>() } = options;
    this.#pool = new WorkerPool({ worker, assets, engine, prelude: [...prelude], maxIdle: Math.min(4, availableParallelism()), idleMs: options.idleMs ?? defaultIdleMs, maxAtOnce: options.maxAtOnce ?? Math.max(4, 2 * availableParallelism()) });
  }

  /** Worker threads that live now, at work and waiting. */
  get workers(): number {
    return this.#pool.size;
  }

  get state(): WorkerPoolState {
    return this.#pool.state;
  }

  /** Makes a guest ahead, for a run that is about to start: what comes before it, such as compiling its chain, then costs no waiting. */
  warm(): void {
    this.#pool.replace(resolveLimits(this.#limits));
  }

  /** A sandbox of the run's own, gone with it at the latest. `limits` win over the factory's; throws `invalid-config` where one is out of range. */
  lease(scope: RunScope, label: string, limits?: Partial<SandboxLimits>): Promise<Lease<Sandbox>> {
    return scope.lease({ kind: 'sandbox', label, inProcess: true }, () => this.create(limits));
  }

  /** A sandbox that belongs to nobody: whoever makes it destroys it. */
  async create(limits?: Partial<SandboxLimits>): Promise<Sandbox> {
    return new LeasedSandbox(this.#pool, limits === undefined ? (this.#usual ??= resolveLimits(this.#limits)) : resolveLimits(this.#limits, limits));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }
}
