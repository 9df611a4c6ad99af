import type { Approver } from '../../../src/policy/approver.ts';
import { Redactor } from '../../../src/policy/redact.ts';
import { RunManager, type RunHandle } from '../../../src/run/run-manager.ts';
import type { RunScope } from '../../../src/run/run-scope.ts';
import type { Json } from '../../../src/shared/json.ts';
import type { PanelActions } from '../../../src/vscode/panel-ports.ts';
import type { PanelFixture } from './fixture.ts';

type Body = (scope: RunScope) => Promise<Json>;

/** Starts real runs whose body the test is, and does to them what the panel asks for. */
export class LiveRuns implements AsyncDisposable {
  readonly runs: RunManager;
  readonly #workspace: string;
  readonly #bodies = new Map<string, Body>();
  readonly #approver: Approver;

  constructor({ store, workspace }: PanelFixture, approver: Approver = { approve: () => Promise.resolve(undefined), ask: () => Promise.resolve(undefined) }) {
    this.runs = new RunManager({ store, host: { pid: process.pid, start: 'test' }, redactor: new Redactor(), version: '0.1.0', concurrency: 4 });
    this.#workspace = workspace;
    this.#approver = approver;
  }

  start(title: string, body: Body): RunHandle {
    const handle = this.runs.start({
      kind: 'chain', title, source: '.assassin/chains/live.ts', workspace: this.#workspace, input: null, grants: [], rules: [], approver: this.#approver,
    }, body);
    this.#bodies.set(handle.id, body);
    return handle;
  }

  get actions(): Pick<PanelActions, 'isLive' | 'cancel' | 'again'> {
    return {
      isLive: (run) => this.runs.live.some(({ id }) => id === run),
      cancel: (run, reason) => this.runs.cancel(run, reason),
      again: (run) => {
        const body = this.#bodies.get(run);
        return body ? Promise.resolve(this.start('Once more', body).id) : Promise.reject(new Error('It was not started here.'));
      },
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.runs[Symbol.asyncDispose]();
  }
}

/** A step of the test's own making: it goes on until the test lets it end. */
export class Gatekeeper {
  readonly #gate = Promise.withResolvers<void>();

  open(): void {
    this.#gate.resolve();
  }

  /** Ends when opened, or with the run. */
  async pass(signal: AbortSignal): Promise<void> {
    await Promise.race([this.#gate.promise, new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))]);
  }
}
