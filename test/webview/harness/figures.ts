import type { Infrastructure } from '../../../src/shared/infrastructure.ts';
import type { UsageFormat } from '../../../src/shared/protocol-figures.ts';
import type { PanelFigures } from '../../../src/vscode/panel-ports.ts';

export const calm: Infrastructure = {
  at: Date.now(), program: { kind: 'editor', pid: 4711, node: '24.1.0', upMs: 65_000, version: '0.1.0' },
  loop: { p50Ms: 0.2, p99Ms: 3.4, maxMs: 12.5, watchedMs: 2000, busy: 0.031 },
  memory: { residentBytes: 180 * 1024 ** 2, heapUsedBytes: 60 * 1024 ** 2, heapLimitBytes: 4096 * 1024 ** 2, externalBytes: 12 * 1024 ** 2 },
  starts: [{ name: 'activation', ms: 6.5 }, { name: 'records opened', ms: 14.2 }, { name: 'leftovers swept', ms: 3.1 }],
  runs: { open: 2, byState: { running: 1, waiting: 1 }, here: 1, most: 4 },
  sandboxes: { threads: 2, waiting: 1, queued: 0, most: 4, mostWaiting: 2 }, browsers: { ready: 1, shared: 0, contexts: 0, keepReady: 'auto', ceiling: 1 },
  servers: [{ name: 'filesystem', state: 'running', tools: 14, pid: 4823, runs: 1, startedByHand: true }, { name: 'github', state: 'stopped', runs: 0, startedByHand: false }],
  leases: [
    { id: 'l_1', kind: 'browser', label: 'Browser /usr/bin/chromium', createdAt: Date.now() - 61_000, run: 'run_1', title: 'Shop report', pid: 4901, owner: 4711 },
    { id: 'l_2', kind: 'browser', label: 'Browser that waits for a run', createdAt: Date.now() - 5000, pid: 4950, owner: 4711 },
  ],
};

/** The editor's side of the figures without an editor: files to add are given, what is written is kept. */
export class FakeFigures implements PanelFigures {
  readonly machine = 'desk';
  readonly saved: { readonly format: UsageFormat; readonly text: string }[] = [];
  chosen: readonly { readonly name: string; readonly text: string }[] = [];
  now: Infrastructure = calm;

  assumptions = () => ({});
  pickRecords = () => Promise.resolve(this.chosen);
  infrastructure = () => Promise.resolve(this.now);

  async save(format: UsageFormat, text: () => Promise<string>): Promise<boolean> {
    this.saved.push({ format, text: await text() });
    return true;
  }
}
