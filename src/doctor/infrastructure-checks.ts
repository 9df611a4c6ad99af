import { formatBytes } from '../shared/bytes.ts';
import { formatDuration } from '../shared/duration.ts';
import type { Infrastructure } from '../shared/infrastructure.ts';
import type { Check } from './check.ts';

/** A heap that is fuller than this ends the program soon. */
const fullHeap = 0.85;

/** The same figures as lines of the report. */
export function infrastructureChecks({ memory, starts, runs, sandboxes, browsers, servers, leases, program }: Infrastructure): readonly Check[] {
  const share = memory.heapUsedBytes / memory.heapLimitBytes;
  const used = `${formatBytes(memory.residentBytes)} resident, ${formatBytes(memory.heapUsedBytes)} of ${formatBytes(memory.heapLimitBytes)} heap`;
  const states = Object.entries(runs.byState).map(([state, count]) => `${count} ${state}`).join(', ');
  const running = servers.filter(({ state }) => state === 'running').length;
  const times = starts.map(({ name, ms }) => `${name} ${formatDuration(ms)}`).join(', ');
  return [
    share < fullHeap ? { name: 'Memory', status: 'ok', detail: used } : { name: 'Memory', status: 'warn', detail: used, fix: 'Restart the program: what fills the heap may be another part of it.' },
    { name: 'Start', status: 'ok', detail: times === '' ? 'not measured' : times },
    { name: 'Live runs', status: 'ok', detail: runs.open === 0 ? 'none' : `${states}; ${runs.here} in this program, at most ${runs.most} at a time` },
    { name: 'Live leases', status: 'ok', detail: leases.length === 0 ? 'none' : leases.map(({ label, run, owner }) => `${label} (${run ?? `program ${owner}`}${owner === program.pid ? '' : ', of another program'})`).join('; ') },
    { name: 'Sandbox pool', status: 'ok', detail: `${sandboxes.threads} of ${sandboxes.most} threads, ${sandboxes.waiting} of them waiting; ${sandboxes.queued} programs queued` },
    { name: 'Browser pool', status: 'ok', detail: `${browsers.ready} ready (kept: ${browsers.keepReady}), ${browsers.shared} shared with ${browsers.contexts} contexts` },
    { name: 'MCP servers', status: 'ok', detail: servers.length === 0 ? 'none configured' : `${running} of ${servers.length} running` },
  ];
}
