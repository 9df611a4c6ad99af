import type { NetworkReport } from '../shared/dto.ts';
import type { HostTraffic, JournalEvent, RefusedTraffic } from '../shared/events.ts';

/** What the browsers of a run reached, host by host, and what they were refused, all of them together. */
export function networkOf(events: readonly JournalEvent[]): NetworkReport {
  const hosts = new Map<string, HostTraffic>();
  const refused = new Map<string, RefusedTraffic>();
  for (const event of events) {
    if (event.type !== 'egress.used') continue;
    for (const one of event.hosts) {
      const { requests, received, sent } = hosts.get(one.host) ?? { requests: 0, received: 0, sent: 0 };
      hosts.set(one.host, { host: one.host, requests: requests + one.requests, received: received + one.received, sent: sent + one.sent });
    }
    for (const one of event.refused) refused.set(one.action, { ...one, attempts: one.attempts + (refused.get(one.action)?.attempts ?? 0) });
  }
  return { hosts: [...hosts.values()], refused: [...refused.values()] };
}
