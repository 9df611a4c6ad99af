import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rule } from '../../src/policy/authorize.ts';
import { denyAll, type Approver } from '../../src/policy/approver.ts';
import { parseGrants } from '../../src/policy/grant.ts';
import { Redactor } from '../../src/policy/redact.ts';
import { processStart } from '../../src/run/process-identity.ts';
import { RunManager, type RunHandle, type RunOutcome } from '../../src/run/run-manager.ts';
import type { RunScope } from '../../src/run/run-scope.ts';
import type { BudgetLimits, EventOf, EventType, JournalEvent } from '../../src/shared/events.ts';
import { fromErrorInfo } from '../../src/shared/errors.ts';
import type { Json } from '../../src/shared/json.ts';
import { RunStore } from '../../src/store/run-store.ts';

export interface RunContext {
  readonly store: RunStore;
  readonly runs: RunManager;
  /** The workspace of the run: an empty folder that goes with it. */
  readonly workspace: string;
  readonly cancel: RunHandle['cancel'];
}

export interface WithRunOptions {
  readonly redactor?: Redactor;
  readonly budget?: BudgetLimits;
  readonly rules?: readonly Rule[];
  readonly approver?: Approver;
  /** Asks it about what nothing names. */
  readonly askUngranted?: boolean;
  readonly signal?: AbortSignal;
}

export interface FinishedRun {
  readonly outcome: RunOutcome;
  readonly events: readonly JournalEvent[];
  /** The events of one type. */
  of<T extends EventType>(type: T): readonly EventOf<T>[];
  /** What the body returned; throws the error of a run that did not end well. */
  result(): Json;
}

/**
 * Runs `body` inside a real run (store, journal, gate, budget, leases) in a folder of its own and gives back its outcome and its journal.
 * The run has ended and its store is closed when the promise resolves; it rejects only where the run could not even be recorded.
 */
export async function withRun(grants: readonly string[], body: (scope: RunScope, context: RunContext) => Promise<Json>, options: WithRunOptions = {}): Promise<FinishedRun> {
  const { rules = [], approver = denyAll, redactor = new Redactor(), ...rest } = options;
  const directory = mkdtempSync(join(tmpdir(), 'test-run-'));
  const store = new RunStore(directory);
  try {
    const host = { pid: process.pid, start: (await processStart(process.pid))! };
    const runs = new RunManager({ store, redactor, host, version: '0.0.0', concurrency: 1 });
    const workspace = mkdtempSync(join(directory, 'workspace-'));
    const handle: RunHandle = runs.start(
      { kind: 'chain', title: 'Test', source: 'test.ts', workspace, input: null, grants: parseGrants(grants, workspace), rules, approver, ...rest },
      (scope) => body(scope, { store, runs, workspace, cancel: (reason) => handle.cancel(reason) }),
    );
    const outcome = await handle.outcome;
    const events = store.events(handle.id, 0, 100_000);
    return {
      outcome,
      events,
      of: (type) => events.filter((event): event is EventOf<typeof type> => event.type === type),
      result: () => {
        if (outcome.error) throw fromErrorInfo(outcome.error);
        return outcome.result ?? null;
      },
    };
  } finally {
    store[Symbol.dispose]();
    rmSync(directory, { recursive: true, force: true });
  }
}
