import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { SessionSummary } from '../shared/conversation.ts';
import type { Page, RunSummary } from '../shared/dto.ts';
import { AssassinError } from '../shared/errors.ts';
import type { JournalEvent, LeaseIdentity, LeaseKind } from '../shared/events.ts';
import { isTerminal, type RunState } from '../shared/run-state.ts';
import { AuditLog } from './audit-log.ts';
import type { HostIdentity } from './host-identity.ts';
import { HostLeaseTable } from './host-lease-table.ts';
import { BlobFolder } from './blobs.ts';
import { BudgetUse } from './budget-use.ts';
import { BrowserChecks } from './browser-checks.ts';
import { databaseName, isFullDisk, openDatabase, storeError } from './database.ts';
import { EventTable } from './event-table.ts';
import { IntentLog } from './intent-log.ts';
import { forgetIntents, intentsIn, isOrphan, leftIntents, type LeftIntents } from './left-intents.ts';
import { ListLines } from './list-lines.ts';
import { MarkedFiles } from './marked-files.ts';
import { McpPins } from './mcp-pins.ts';
import { checkpointsWhenQuiet } from './quiet-checkpoints.ts';
import { ReceivedTraces } from './received-traces.ts';
import { toSummary, type RunRow } from './run-row.ts';
import { RunSearch } from './run-search.ts';
import { RunTally } from './run-tally.ts';
import { listSessions, type SessionQuery } from './session-list.ts';
import { inTransaction } from './transaction.ts';

export interface OpenLease {
  readonly id: string;
  readonly run: string;
  readonly kind: LeaseKind;
  readonly label: string;
  readonly identity: LeaseIdentity;
  readonly host: HostIdentity;
}

export interface OpenRun {
  readonly id: string;
  readonly state: RunState;
  readonly host: HostIdentity;
  readonly events: number;
}

export interface RunQuery {
  readonly workspace?: string;
  readonly source?: string;
  /** Only the child runs of this run; `null`: only runs that no other run started. */
  readonly parent?: string | null;
  /** Only the runs of this conversation. */
  readonly session?: string;
  /** Only runs whose title or source holds this text, in any letter case. */
  readonly search?: string;
  readonly limit?: number;
  readonly after?: string;
}

/** More than a run may start. */
const maxChildren = 1000;
/** Kept free for the events that close a run: as many as a run with some hundred leases needs. */
const reserveBytes = 256 * 1024;

const closesRun = (event: JournalEvent): boolean => event.type === 'run.state' && isTerminal(event.to);
const closes = (event: JournalEvent): boolean => event.type === 'lease.destroyed' || event.type === 'step.ended' || closesRun(event);

/** The journal on disk with its projections that lists need. Writes are synchronous: an event is on disk before its effect shows. */
export class RunStore implements Disposable {
  readonly directory: string;
  readonly blobs: BlobFolder;
  readonly audit: AuditLog;
  readonly markedFiles: MarkedFiles;
  readonly texts: RunSearch;
  readonly traces: ReceivedTraces;
  readonly hostLeases: HostLeaseTable;
  readonly browserChecks: BrowserChecks;
  readonly mcpPins: McpPins;
  readonly budgetUse: BudgetUse;
  /** Set where a damaged database was moved aside at opening. */
  readonly movedAside: string | undefined;
  readonly #db: DatabaseSync;
  readonly #events: EventTable;
  readonly #intents: IntentLog;
  readonly #lists: ListLines;
  readonly #tally: RunTally;
  /** What is to be done when the transaction around several appends has come to pass. */
  #together: (() => void)[] | undefined;
  readonly #listeners = new Set<(events: readonly JournalEvent[]) => void>();

  constructor(directory: string) {
    this.directory = directory;
    const { db, movedAside } = openDatabase(directory);
    this.#db = db;
    this.movedAside = movedAside;
    this.blobs = new BlobFolder(directory);
    this.#events = new EventTable(db);
    this.#intents = new IntentLog(directory);
    this.#tally = new RunTally(db);
    this.audit = new AuditLog(db, directory, movedAside);
    this.markedFiles = new MarkedFiles(db);
    this.texts = new RunSearch(db, () => this.#settle());
    this.traces = new ReceivedTraces(db);
    this.#lists = new ListLines(db, this.traces);
    this.hostLeases = new HostLeaseTable(db);
    this.browserChecks = new BrowserChecks(db);
    this.mcpPins = new McpPins(db);
    this.budgetUse = new BudgetUse(db, directory);
    this.#listeners.add(checkpointsWhenQuiet(db, join(directory, `${databaseName}-wal`)));
    this.#refillReserve();
    this.#takeOverOrphans();
  }

  /** Another number whenever another program or window has written since; what is written through this store leaves it as it is. */
  get othersVersion(): number {
    return this.#guard(() => (this.#db.prepare('PRAGMA data_version').get() as { data_version: number }).data_version);
  }

  /** Hears of events right after they are on disk. */
  onAppend(listener: (events: readonly JournalEvent[]) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Appends events and their projections in one transaction: all are on disk afterwards, or none. */
  append(events: readonly JournalEvent[], host: HostIdentity): void {
    if (events.length === 0) return;
    try {
      this.#write(events, host);
    } catch (error) {
      // On a full disk the record must still be able to say how things ended, and what is gone.
      if (!isFullDisk(error) || !events.some(closes) || this.#together !== undefined) throw error;
      rmSync(this.#reserve, { force: true });
      this.#write(events, host);
    }
    this.#whenCommitted(() => {
      for (const listener of this.#listeners) listener(events);
    });
  }

  /**
   * Puts events on disk ahead of their transaction, for a tenth of its cost: they are in the record with the next `append` of their run, which must hold them, or when somebody opens it
   * after this program has died. Whether they are there: where not, only `append` will do.
   */
  note(events: readonly JournalEvent[], host: HostIdentity): boolean {
    return this.#intents.note(events, host);
  }

  /** What programs have noted with `note`, this one and those that go on too. */
  leftIntents(): readonly LeftIntents[] {
    return leftIntents(this.directory);
  }

  /** Brings into the record what a program has noted that is gone. Of two that do so at once, one finds nothing left to do. */
  takeOver(left: LeftIntents): void {
    const record = () => this.together(() => {
      for (const events of intentsIn(left)) {
        const missing = this.#missing(events);
        if (missing.length > 0) this.append(missing, left.host);
      }
    });
    try {
      record();
    } catch (error) {
      if (!isFullDisk(error)) throw error;
      rmSync(this.#reserve, { force: true });
      record();
    }
    forgetIntents(left);
  }

  /** Of the noted events of one run those that the record lacks: what was written over may be older, and what was left may have come to be recorded after all. */
  #missing(events: readonly JournalEvent[]): readonly JournalEvent[] {
    const { run } = events[0]!;
    const row = this.#guard(() => this.#db.prepare('SELECT state FROM runs WHERE id = ?').get(run)) as { state: RunState } | undefined;
    if (row === undefined || isTerminal(row.state)) return [];
    const last = this.#events.last(run);
    const missing = events.filter(({ seq }) => seq > last);
    return missing[0]?.seq === last + 1 ? missing : [];
  }

  /** Whoever only looks at the record finds it whole too. Where the number of a program was given out again, it is left to whoever sweeps. */
  #takeOverOrphans(): void {
    for (const left of this.leftIntents()) {
      try {
        if (isOrphan(left)) this.takeOver(left);
      } catch {
        // It stays for whoever sweeps, who is told why it cannot be recorded.
      }
    }
  }

  /** All that `work` appends, of any runs, goes to the disk in one transaction, or nothing of it does: whoever appended must then take it for not appended. */
  together(work: () => void): void {
    const committed: (() => void)[] = [];
    this.#together = committed;
    try {
      this.#transaction(work);
    } catch (error) {
      this.#forgetFailed();
      throw error;
    } finally {
      this.#together = undefined;
    }
    for (const each of committed) each();
  }

  #whenCommitted(work: () => void): void {
    if (this.#together === undefined) work();
    else this.#together.push(work);
  }

  #forgetFailed(): void {
    this.#events.forgetNumbers();
    this.audit.forgetEnd();
  }

  /** Not within a transaction that may still fail: what is late would pass for written. */
  #settle(): void {
    if (this.#together === undefined) this.#tally.settle();
  }

  #write(events: readonly JournalEvent[], host: HostIdentity): void {
    const { run } = events[0]!;
    const counted = this.#tally.isDue(events);
    const decisions = events.filter((event) => event.type === 'decision');
    const projected = events.filter(({ type }) => ListLines.hold(type));
    const write = (): void => {
      this.#events.insert(events);
      for (const event of projected) this.#lists.project(event, host);
      this.audit.append(...decisions);
      if (counted) this.#tally.write(events);
    };
    try {
      // A single statement is a transaction by itself, without the cost of its beginning and end.
      const single = !counted && decisions.length + projected.length === 0 && this.#events.inOne(run, events.length);
      if (single || this.#together !== undefined) this.#guard(write);
      else this.#transaction(write);
    } catch (error) {
      this.#forgetFailed();
      throw error;
    }
    this.#whenCommitted(() => {
      this.#intents.recorded(run);
      this.#tally.recorded(events, counted);
      if (events.some(closesRun)) this.#events.ended(run);
    });
  }

  events(run: string, after = 0, limit = 1000): readonly JournalEvent[] {
    return this.#guard(() => this.#events.page(run, after, limit));
  }

  /** Only those of some types, all of them: whoever wants a few of many need not have all of them read. */
  eventsOf(run: string, types: readonly JournalEvent['type'][]): readonly JournalEvent[] {
    return this.#guard(() => this.#events.ofTypes(run, types));
  }

  /** Newest first. */
  runs(query: RunQuery = {}): Page<RunSummary> {
    const limit = query.limit ?? 50;
    this.#settle();
    const rows = this.#guard(() => this.#db.prepare(
      `SELECT * FROM runs WHERE (?1 IS NULL OR workspace = ?1) AND (?2 IS NULL OR source = ?2) AND (?3 IS NULL OR id < ?3) ${query.parent === undefined ? 'AND ?5 IS NULL' : query.parent === null ? 'AND ?5 IS NULL AND parent IS NULL' : 'AND parent = ?5'} AND (?6 IS NULL OR session = ?6) AND (?7 IS NULL OR instr(lower(title || ' ' || source), lower(?7)) > 0) ORDER BY id DESC LIMIT ?4`,
    ).all(query.workspace ?? null, query.source ?? null, query.after ?? null, limit + 1, query.parent ?? null, query.session ?? null, query.search ?? null)) as unknown as RunRow[];
    const items = rows.slice(0, limit).map((row) => this.#summary(row));
    const last = items.at(-1);
    return rows.length > limit && last ? { items, next: last.id } : { items };
  }

  run(id: string): RunSummary {
    this.#settle();
    const row = this.#guard(() => this.#db.prepare('SELECT * FROM runs WHERE id = ?').get(id)) as unknown as RunRow | undefined;
    if (!row) throw new AssassinError('run-not-found', `There is no run ${id}.`, { hint: 'List the runs with "runs list".' });
    return this.#summary(row);
  }

  /** The runs that a run has started, oldest first. */
  children(parent: string): readonly RunSummary[] {
    return this.runs({ parent, limit: maxChildren }).items.toReversed();
  }

  /** Conversations, the one with the newest run first. */
  sessions(query: SessionQuery): Page<SessionSummary> {
    this.#settle();
    return this.#guard(() => listSessions(this.#db, query));
  }

  /** The stored values that a run refers to, by name. */
  blobsOf(run: string): readonly { readonly hash: string; readonly bytes: number }[] {
    return this.#guard(() => this.#db.prepare('SELECT hash, bytes FROM blobs WHERE run = ?').all(run)) as { hash: string; bytes: number }[];
  }

  /** Keeps the stored values of one run for another one too: they go when the last of both goes. */
  shareBlobs(from: string, to: string): void {
    this.#guard(() => this.#db.prepare('INSERT OR IGNORE INTO blobs (run, hash, bytes, media_type) SELECT ?2, hash, bytes, media_type FROM blobs WHERE run = ?1').run(from, to));
  }

  openRuns(): readonly OpenRun[] {
    const rows = this.#guard(() => this.#db.prepare(`SELECT id, state, host_pid, host_start FROM runs WHERE state IN ('queued', 'running', 'waiting')`).all()) as
      { id: string; state: RunState; host_pid: number; host_start: string }[];
    return rows.map((row) => ({ id: row.id, state: row.state, events: this.#events.last(row.id), host: { pid: row.host_pid, start: row.host_start } }));
  }

  openLeases(): readonly OpenLease[] {
    const rows = this.#guard(() => this.#db.prepare("SELECT * FROM leases WHERE run <> ''").all()) as
      { id: string; run: string; kind: LeaseKind; label: string; identity: string; host_pid: number; host_start: string }[];
    return rows.map((row) => ({
      id: row.id, run: row.run, kind: row.kind, label: row.label, identity: JSON.parse(row.identity) as LeaseIdentity, host: { pid: row.host_pid, start: row.host_start },
    }));
  }

  /** Stores bytes for a run; they go when the last run that refers to them goes. */
  putBlob(run: string, bytes: Uint8Array, mediaType: string): string {
    const hash = this.blobs.put(bytes);
    this.#guard(() => this.#db.prepare('INSERT OR IGNORE INTO blobs (run, hash, bytes, media_type) VALUES (?, ?, ?, ?)').run(run, hash, bytes.length, mediaType));
    return hash;
  }

  /** Removes a run that has ended, with the runs that it started, its events and the blobs that nothing else refers to. */
  deleteRun(id: string): void {
    const { state } = this.run(id);
    if (!isTerminal(state)) throw new AssassinError('invalid-input', `The run ${id} is still ${state}.`, { hint: 'Stop it first.' });
    for (const child of this.children(id)) this.deleteRun(child.id);
    const orphans = this.#transaction(() => {
      const hashes = this.#db.prepare('SELECT hash FROM blobs WHERE run = ?1 AND hash NOT IN (SELECT hash FROM blobs WHERE run <> ?1)').all(id) as { hash: string }[];
      this.#db.prepare('DELETE FROM blobs WHERE run = ?').run(id);
      this.#events.remove(id);
      for (const part of [this.texts, this.traces]) part.forget(id);
      this.#db.prepare('DELETE FROM runs WHERE id = ?').run(id);
      return hashes;
    });
    for (const { hash } of orphans) this.blobs.remove(hash);
  }

  /** Keeps the newest `maxRuns` and nothing older than `maxAgeMs`; runs that go on are kept. Returns how many went. */
  prune(limits: { readonly maxRuns: number; readonly maxAgeMs: number }, now: number = Date.now()): number {
    const rows = this.#guard(() => this.#db.prepare(
      `SELECT id FROM runs WHERE kind <> 'trace' AND state IN ('done', 'failed', 'cancelled', 'interrupted')
       AND (created_at < ?1 OR id NOT IN (SELECT id FROM runs WHERE kind <> 'trace' ORDER BY id DESC LIMIT ?2))`,
    ).all(now - limits.maxAgeMs, limits.maxRuns)) as { id: string }[];
    // One that another one had started may have gone with it.
    for (const { id } of rows) if (this.#guard(() => this.#db.prepare('SELECT 1 FROM runs WHERE id = ?').get(id))) this.deleteRun(id);
    this.#guard(() => this.markedFiles.prune());
    return rows.length;
  }

  [Symbol.dispose](): void {
    this.#listeners.clear();
    this.#tally.settle();
    this.#intents[Symbol.dispose]();
    this.audit[Symbol.dispose]();
    this.#db.close();
  }

  get #reserve(): string {
    return join(this.directory, 'reserve');
  }

  #refillReserve(): void {
    try {
      if ((statSync(this.#reserve, { throwIfNoEntry: false })?.size ?? 0) < reserveBytes) writeFileSync(this.#reserve, new Uint8Array(reserveBytes));
    } catch {
      // A disk that is already full is reported by the first append, with its own error.
    }
  }

  /** What another program counts of a run that goes on there is late by a moment, or for ever where it was killed; the number of its events is asked of the events. */
  #summary(row: RunRow): RunSummary {
    return toSummary(isTerminal(row.state as RunState) ? row : { ...row, events: this.#events.last(row.id) });
  }

  #transaction<T>(work: () => T): T {
    return this.#guard(() => inTransaction(this.#db, work));
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storeError(error, this.directory);
    }
  }
}
