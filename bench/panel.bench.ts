import { recordLongRun } from '../test/webview/harness/sample-runs.ts';
import { PanelFixture } from '../test/webview/harness/fixture.ts';
import type { PanelPage } from '../test/webview/harness/panel-page.ts';
import { mostFrame, scrollThrough } from './panel/frames.ts';
import { median } from './panel/median.ts';

const events = 100_000;
const rounds = 3;
/** What is asked of the panel: first screen in milliseconds, longest frame in milliseconds, memory in MiB. */
const targets = { screen: 1000, frame: 100, heap: 150 } as const;

const views = { tree: '[role=tree]', timeline: '[role=tree]', log: '.event-log' } as const;
type View = keyof typeof views;

const state = (traceView: View) => ({ tab: 'trace', traceView, fold: { rest: 'open', except: [] }, filter: '', scroll: { result: 0, trace: 0, bill: 0 } });

/** The panel on a run of 100,000 events, as it is shipped, in a real browser: first screen, scrolling, and memory of the page, for each way to draw a trace. */
export default async function panel() {
  await using fixture = await PanelFixture.create({ whole: true });
  const run = recordLongRun(fixture.store, { workspace: fixture.workspace }, events);
  const rows = [];
  for (const view of ['tree', 'timeline', 'log'] as const) {
    const screens: number[] = [];
    const frames: number[] = [];
    const heaps: number[] = [];
    const wholes: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const began = performance.now();
      // Each has a service and a cache of its own: the whole record is read anew.
      await using page = await fixture.open({ run, state: state(view) });
      await page.page.waitForSelector(view === 'log' ? '.event-text' : '.row-time');
      screens.push(performance.now() - began);
      // The rest of the record is read while the list is being scrolled: the worst that a person can do.
      const whole = page.page.waitForFunction(() => document.querySelector('.toolbar .hint')?.textContent?.includes('still being read') === false).then(() => wholes.push(performance.now() - began));
      frames.push(mostFrame(await scrollThrough(page, views[view])));
      await whole;
      heaps.push(await heapMiB(page));
    }
    const row = (what: string, unit: string, ours: number, target: number) => ({ bench: `panel, ${view}, ${events.toLocaleString('en')} events: ${what}`, unit, ours, peer: target, peerName: 'target', ratio: ours / target, n: rounds });
    rows.push(
      row('first screen, with a new page', 'ms', median(screens), targets.screen),
      { ...row('all of it read, while it is being scrolled', 'ms', median(wholes), median(screens)), peerName: 'first screen' },
      row('longest frame of all while scrolling through it', 'ms', Math.max(...frames), targets.frame),
      row('JS heap after it', 'MiB', median(heaps), targets.heap),
    );
  }
  return rows;
}

async function heapMiB({ page }: PanelPage): Promise<number> {
  const session = await page.createCDPSession();
  await session.send('HeapProfiler.collectGarbage');
  await session.detach();
  return ((await page.metrics()).JSHeapUsedSize ?? Number.NaN) / 1024 / 1024;
}
