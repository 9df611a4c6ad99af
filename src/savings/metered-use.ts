import type { EventOf, JournalEvent } from '../shared/events.ts';

/** One throwaway resource's metered life. A field is absent where it was not measured. */
export interface Session {
  readonly wallMs: number;
  readonly cpuMs?: number;
  readonly memoryBytes?: number;
  /** Every figure was measured, none estimated. */
  readonly measured: boolean;
}

export interface MeteredUse {
  readonly browsers: readonly Session[];
  readonly sandboxes: readonly Session[];
  /** Browsers and sandboxes that were leased but left no duration behind, for example because the host died. */
  readonly unmetered: number;
  readonly mcpServers: number;
}

type Kind = 'browser' | 'sandbox';

interface Draft {
  wallMs?: number;
  cpuMs?: number;
  memoryBytes?: number;
  measured: boolean;
}

/** What a run's browsers and sandboxes used, one by one: services bill sessions, each with its own minimum and rounding. */
export function meteredUse(events: readonly JournalEvent[]): MeteredUse {
  const drafts: Readonly<Record<Kind, Map<string, Draft>>> = { browser: new Map(), sandbox: new Map() };
  const leased: Readonly<Record<Kind, Set<string>>> = { browser: new Set(), sandbox: new Set() };
  let mcpServers = 0;
  for (const event of events) {
    if (event.type === 'lease.created') {
      if (event.kind === 'browser' || event.kind === 'sandbox') leased[event.kind].add(event.lease);
      else if (event.kind === 'mcp') mcpServers += 1;
    } else if (event.type === 'meter') {
      const kind = event.meter.startsWith('browser.') ? 'browser' : event.meter.startsWith('sandbox.') ? 'sandbox' : undefined;
      if (kind) add(drafts[kind], event);
    }
  }
  const unmetered = (kind: Kind) => Math.max(0, leased[kind].size - sessions(drafts[kind]).length);
  return { browsers: sessions(drafts.browser), sandboxes: sessions(drafts.sandbox), unmetered: unmetered('browser') + unmetered('sandbox'), mcpServers };
}

function add(drafts: Map<string, Draft>, event: EventOf<'meter'>): void {
  // Meters of one resource name its lease; a step stands in where a resource was not leased one by one.
  const key = event.lease ?? event.step ?? '';
  const draft = drafts.get(key) ?? { measured: true };
  drafts.set(key, draft);
  switch (event.meter) {
    case 'browser.wall_ms':
    case 'sandbox.wall_ms':
      draft.wallMs = (draft.wallMs ?? 0) + event.value;
      break;
    case 'browser.cpu_ms':
    case 'sandbox.cpu_ms':
      draft.cpuMs = (draft.cpuMs ?? 0) + event.value;
      break;
    case 'browser.memory_bytes':
    case 'sandbox.memory_bytes':
      draft.memoryBytes = Math.max(draft.memoryBytes ?? 0, event.value);
      break;
    default:
      return;
  }
  if (event.mark !== 'measured' && event.mark !== 'billed') draft.measured = false;
}

function sessions(drafts: ReadonlyMap<string, Draft>): readonly Session[] {
  return [...drafts.values()].flatMap(({ wallMs, cpuMs, memoryBytes, measured }) =>
    wallMs === undefined ? [] : [{ wallMs, measured, ...(cpuMs === undefined ? {} : { cpuMs }), ...(memoryBytes === undefined ? {} : { memoryBytes }) }]);
}
