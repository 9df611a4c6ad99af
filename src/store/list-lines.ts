import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { JournalEvent } from '../shared/events.ts';
import { isTerminal } from '../shared/run-state.ts';
import type { HostIdentity } from './host-identity.ts';
import type { ReceivedTraces } from './received-traces.ts';

type Statement = 'insertRun' | 'state' | 'insertLease' | 'identify' | 'dropLease';

const statements: Readonly<Record<Statement, string>> = {
  insertRun: 'INSERT INTO runs (id, kind, title, source, workspace, state, created_at, host_pid, host_start, parent, session, origin) VALUES (?, ?, ?, ?, ?, \'queued\', ?, ?, ?, ?, ?, ?)',
  state: 'UPDATE runs SET state = ?, started_at = CASE WHEN ? = \'running\' AND started_at IS NULL THEN ? ELSE started_at END, ended_at = CASE WHEN ? THEN ? ELSE ended_at END, error = ? WHERE id = ?',
  insertLease: 'INSERT INTO leases (id, run, kind, label, identity, host_pid, host_start, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  identify: 'UPDATE leases SET identity = ? WHERE id = ?',
  dropLease: 'DELETE FROM leases WHERE id = ?',
};

/** What has a place in lists, beside the journal. */
const shownInLists: ReadonlySet<JournalEvent['type']> = new Set(['run.created', 'run.state', 'lease.created', 'lease.identified', 'lease.destroyed', 'trace.received', 'trace.grown', 'run.tagged']);

/** The lines of runs and leases in lists, as the events say that they begin, change and end. */
export class ListLines {
  readonly #db: DatabaseSync;
  readonly #traces: ReceivedTraces;
  readonly #prepared = new Map<Statement, StatementSync>();

  constructor(db: DatabaseSync, traces: ReceivedTraces) {
    this.#db = db;
    this.#traces = traces;
  }

  static hold(type: JournalEvent['type']): boolean {
    return shownInLists.has(type);
  }

  /** Within the transaction that records the event. */
  project(event: JournalEvent, host: HostIdentity): void {
    switch (event.type) {
      case 'run.created':
        this.#run('insertRun', event.run, event.kind, event.title, event.source, event.workspace, event.at, host.pid, host.start, event.parent?.run ?? null, event.session ?? null, event.origin ? JSON.stringify(event.origin) : null);
        break;
      case 'run.state':
        this.#run('state', event.to, event.to, event.at, isTerminal(event.to) ? 1 : 0, event.at, event.error ? JSON.stringify(event.error) : null, event.run);
        break;
      case 'lease.created':
        this.#run('insertLease', event.lease, event.run, event.kind, event.label, JSON.stringify(event.identity), host.pid, host.start, event.at);
        break;
      case 'lease.identified':
        this.#run('identify', JSON.stringify(event.identity), event.lease);
        break;
      case 'lease.destroyed':
        // One that could not be verified stays listed, so that the next start sweeps it again.
        if (event.verified) this.#run('dropLease', event.lease);
        break;
      default:
        this.#traces.project(event);
    }
  }

  #statement(name: Statement): StatementSync {
    let statement = this.#prepared.get(name);
    if (!statement) this.#prepared.set(name, (statement = this.#db.prepare(statements[name])));
    return statement;
  }

  #run(name: Statement, ...values: (string | number | null)[]): void {
    this.#statement(name).run(...values);
  }
}
