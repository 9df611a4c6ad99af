import { getHeapStatistics } from 'node:v8';
import type { Runtime } from '../runtime.ts';
import type { Infrastructure, LiveLease, LoopDelay, ServerState } from '../shared/infrastructure.ts';
import type { RunState } from '../shared/run-state.ts';
import { startTimes } from '../shared/start-times.ts';
import type { AnyLease } from '../store/host-lease-table.ts';
import type { RunStore } from '../store/run-store.ts';

export interface InfrastructureOptions {
  readonly kind: Infrastructure['program']['kind'];
  readonly version: string;
  /** What was seen of the event loop, where it was watched. */
  readonly loop?: LoopDelay | undefined;
}

type Measured = Pick<Runtime, 'store' | 'runs' | 'sandboxes' | 'browsers' | 'mcp'>;

/** What the program holds and costs now. Everything is read, nothing started. */
export function infrastructureOf({ store, runs, sandboxes, browsers, mcp }: Measured, { kind, version, loop }: InfrastructureOptions): Infrastructure {
  const memory = process.memoryUsage();
  const open = store.openRuns();
  const byState: Partial<Record<RunState, number>> = {};
  for (const { state } of open) byState[state] = (byState[state] ?? 0) + 1;
  return {
    at: Date.now(),
    program: { kind, pid: process.pid, node: process.versions.node, upMs: process.uptime() * 1000, version },
    ...(loop === undefined ? {} : { loop }),
    memory: { residentBytes: memory.rss, heapUsedBytes: memory.heapUsed, heapLimitBytes: getHeapStatistics().heap_size_limit, externalBytes: memory.external },
    starts: startTimes(),
    runs: { open: open.length, byState, here: runs.live.length, most: runs.most },
    sandboxes: sandboxes.state,
    browsers: browsers.pool?.state ?? { ready: 0, shared: 0, contexts: 0, keepReady: 'never', ceiling: 0 },
    servers: mcp.servers().map(({ name, state, tools, pid, runs: users, startedByHand }): ServerState => ({
      name, state, runs: users, startedByHand, ...(tools === undefined ? {} : { tools }), ...(pid === undefined ? {} : { pid }),
    })),
    leases: store.hostLeases.all().map((lease) => liveLease(store, lease)),
  };
}

function liveLease(store: RunStore, { id, kind, label, createdAt, identity, host, run }: AnyLease): LiveLease {
  const title = run === undefined ? undefined : store.run(run).title;
  return { id, kind, label, createdAt, owner: host.pid, ...(identity.pid === undefined ? {} : { pid: identity.pid }), ...(run === undefined ? {} : { run }), ...(title === undefined ? {} : { title }) };
}
