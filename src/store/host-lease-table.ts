import type { DatabaseSync } from 'node:sqlite';
import type { LeaseIdentity, LeaseKind } from '../shared/events.ts';

export interface HostLease {
  readonly id: string;
  readonly kind: LeaseKind;
  readonly label: string;
  readonly identity: LeaseIdentity;
  /** The program that it belongs to, as in the table of runs. */
  readonly host: { readonly pid: number; readonly start: string };
}

export interface AnyLease extends HostLease {
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Absent where it belongs to no run. */
  readonly run?: string;
}

interface Row {
  readonly id: string;
  readonly kind: LeaseKind;
  readonly label: string;
  readonly identity: string;
  readonly host_pid: number;
  readonly host_start: string;
}

/** What belongs to a program and to none of its runs, such as a browser that waits for one. They lie among the leases of runs, without a run. */
export class HostLeaseTable {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  list(): readonly HostLease[] {
    const rows = this.#db.prepare("SELECT * FROM leases WHERE run = ''").all() as unknown as readonly Row[];
    return rows.map(leaseOf);
  }

  /** Every lease on record, of runs and of programs, oldest first. */
  all(): readonly AnyLease[] {
    const rows = this.#db.prepare('SELECT * FROM leases ORDER BY created_at, id').all() as unknown as readonly (Row & { readonly run: string; readonly created_at: number })[];
    return rows.map(({ run, created_at: createdAt, ...row }) => ({ ...leaseOf(row), createdAt, ...(run === '' ? {} : { run }) }));
  }

  /** On disk when it returns: call it before the resource exists. */
  insert({ id, kind, label, identity, host }: HostLease): void {
    this.#db.prepare("INSERT INTO leases (id, run, kind, label, identity, host_pid, host_start, created_at) VALUES (?, '', ?, ?, ?, ?, ?, ?)")
      .run(id, kind, label, JSON.stringify(identity), host.pid, host.start, Date.now());
  }

  identify(id: string, identity: LeaseIdentity): void {
    this.#db.prepare("UPDATE leases SET identity = ? WHERE id = ? AND run = ''").run(JSON.stringify(identity), id);
  }

  /** Once it is gone, or a run has it on record. */
  drop(id: string): void {
    this.#db.prepare("DELETE FROM leases WHERE id = ? AND run = ''").run(id);
  }
}

function leaseOf({ id, kind, label, identity, host_pid: pid, host_start: start }: Row): HostLease {
  return { id, kind, label, identity: JSON.parse(identity) as LeaseIdentity, host: { pid, start } };
}
