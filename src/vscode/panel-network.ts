import type { JournalEvent } from '../shared/events.ts';
import type { Result } from '../shared/protocol.ts';
import { networkOf } from '../telemetry/network.ts';
import { clip } from './panel-rows.ts';

/** A page can make up names without end: beyond these the panel counts. */
const maxRows = 100;
const nameLimit = 300;
const reasonLimit = 1000;

/** What the pages of a run reached and were refused, as far as the panel shows it. */
export function networkPage(events: readonly JournalEvent[]): Result<'run.network'> {
  const { hosts, refused } = networkOf(events);
  return {
    hosts: hosts.slice(0, maxRows).map((traffic) => ({ ...traffic, host: clip(traffic.host, nameLimit) })),
    refused: refused.slice(0, maxRows).map(({ action, attempts, reason }) => ({ action: clip(action, nameLimit), attempts, reason: clip(reason, reasonLimit) })),
    moreHosts: Math.max(0, hosts.length - maxRows),
    moreRefused: Math.max(0, refused.length - maxRows),
  };
}
