import { resolve } from 'node:path';
import type { HostIdentity } from '../store/host-identity.ts';
import type { RunStore, OpenLease, OpenRun } from '../store/run-store.ts';
import type { RunSummary } from '../shared/dto.ts';
import { describeError } from '../shared/errors.ts';
import type { EventBody } from '../shared/events.ts';
import { Redactor } from '../policy/redact.ts';
import { removeDrafts } from './drafts.ts';
import { Journal } from './journal.ts';
import type { Destruction } from './lease.ts';
import { isAlive } from './process-identity.ts';
import { endProcessGroup } from './process-tree.ts';
import { removeTemporaryFolder } from './temp-dir.ts';
import { forgetWorktree } from './worktree.ts';

export interface SweepReport {
  readonly interruptedRuns: readonly string[];
  readonly leases: readonly (Destruction & { readonly lease: string; readonly label: string })[];
}

/**
 * Ends what hosts that were killed have left behind: their runs become `interrupted`, their processes and folders go.
 * Identity is pid plus start time, never a name. Resources of hosts that are alive, in this window or another, are left alone.
 */
export async function sweep(store: RunStore, self: HostIdentity): Promise<SweepReport> {
  const dead = new Map<string, boolean>();
  const isDead = async (host: HostIdentity): Promise<boolean> => {
    if (host.pid === self.pid && host.start === self.start) return false;
    const key = `${host.pid} ${host.start}`;
    if (!dead.has(key)) dead.set(key, !(await isAlive(host)));
    return dead.get(key)!;
  };
  // First of all: what follows is numbered behind it.
  for (const left of store.leftIntents()) if (await isDead(left.host)) store.takeOver(left);
  const leases = [];
  const redactor = new Redactor();
  // Windows that open at the same time sweep at the same time. Each line is numbered by what is on record just then: of two that write it, one finds its number
  // taken and looks again whether there is still something to say.
  const record = (run: string, body: EventBody, isDue: (summary: RunSummary) => boolean): boolean => {
    for (;;) {
      const summary = store.run(run);
      if (!isDue(summary)) return false;
      try {
        new Journal({ run, store, host: self, redactor, seq: summary.events }).append(body);
        return true;
      } catch (error) {
        if (store.run(run).events === summary.events) throw error;
      }
    }
  };
  for (const lease of store.openLeases()) {
    if (!(await isDead(lease.host)) && !store.run(lease.run).endedAt) continue;
    const began = performance.now();
    // One that cannot be ended stays on record for the next start, and does not keep this one from opening.
    const result = await end(lease).catch((error: unknown) => ({ verified: false, how: describeError(error) }));
    const ended = { type: 'lease.destroyed', lease: lease.id, verified: result.verified, how: `swept at the next start: ${result.how}`, ms: performance.now() - began } as const;
    if (record(lease.run, ended, () => store.openLeases().some(({ id }) => id === lease.id))) leases.push({ lease: lease.id, label: lease.label, ...result });
  }
  for (const lease of store.hostLeases.list()) {
    if (!(await isDead(lease.host))) continue;
    const result = await end(lease).catch((error: unknown) => ({ verified: false, how: describeError(error) }));
    leases.push({ lease: lease.id, label: lease.label, ...result });
    if (result.verified) store.hostLeases.drop(lease.id);
  }
  const interruptedRuns = [];
  for (const run of store.openRuns()) {
    if (!(await isDead(run.host))) continue;
    await clearDrafts(store, run);
    const marked = record(run.id, {
      type: 'run.state', from: run.state, to: 'interrupted',
      error: { code: 'cancelled', message: 'The program that ran it ended in the middle.', hint: 'Nothing is repeated by itself: run the chain again if you want it done.' },
    }, ({ endedAt }) => endedAt === undefined);
    if (marked) interruptedRuns.push(run.id);
  }
  return { interruptedRuns, leases };
}

/** A file that was about to be replaced when its program died is as it was before; what should have taken its place lies beside it. */
async function clearDrafts(store: RunStore, { id, host, events }: OpenRun): Promise<void> {
  const { workspace } = store.run(id);
  for (const event of store.events(id, 0, events)) if (event.type === 'file.written') await removeDrafts(resolve(workspace, event.path), host.pid);
}

async function end({ identity }: Pick<OpenLease, 'identity'>): Promise<Destruction> {
  const parts: string[] = [];
  let verified = true;
  if (identity.pid !== undefined && identity.pidStart !== undefined) {
    const death = await endProcessGroup({ pid: identity.pid, start: identity.pidStart }, { already: true });
    parts.push(death.how);
    verified &&= death.gone;
  }
  if (identity.path !== undefined) {
    const removed = await removeTemporaryFolder(identity.path);
    parts.push(removed ? `${identity.path} removed` : `${identity.path} could not be removed`);
    verified &&= removed;
  }
  if (identity.repository !== undefined && identity.path !== undefined) {
    const forgotten = await forgetWorktree(identity.repository, identity.path);
    parts.push(forgotten ? 'the repository has forgotten it' : `${identity.repository} could not be made to forget it`);
    verified &&= forgotten;
  }
  if (parts.length === 0) parts.push('it lived inside the program that ended');
  return { verified, how: parts.join('; ') };
}
