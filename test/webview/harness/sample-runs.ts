import type { RunStore } from '../../../src/store/run-store.ts';
import type { Json } from '../../../src/shared/json.ts';
import { Recorder, type RecordedRun } from './record.ts';

export const shopRows: readonly Json[] = [
  { category: 'Lamps', items: 24, average: 38.5, cheapest: 'Clip lamp', price: 9.9, page: 'https://shop.example/lamps' },
  { category: 'Chairs', items: 18, average: 124.25, cheapest: 'Folding chair', price: 29, page: 'https://shop.example/chairs' },
  { category: 'Shelves', items: 9, average: 88.1, cheapest: 'Corner shelf', price: 24.5, page: 'https://shop.example/shelves' },
  { category: 'Desks', items: 12, average: 310.75, cheapest: 'Laptop desk', price: 79, page: 'https://shop.example/desks' },
  { category: 'Rugs', items: 31, average: 64.4, cheapest: 'Door mat', price: 7.5, page: 'https://shop.example/rugs' },
];

/** A run as a person would start it every day: a crawl in a browser, code in a sandbox, a report through an MCP server. */
export function recordShopRun(store: RunStore, options: RecordedRun, screenshot?: Uint8Array): string {
  const run = new Recorder(store, { title: 'Shop report', source: '.assassin/chains/shop-report.ts', input: { url: 'https://shop.example', pages: 5 }, grants: ['browser', 'net https://shop.example', 'fs.write reports/**', 'mcp filesystem:*'], ...options });
  run.pass(4).enter('running');
  const root = run.begin({ kind: 'run', name: 'Shop report' });
  run.lease('sandbox', 'sandbox for .assassin/chains/shop-report.ts', (sandbox) => {
    const chain = run.begin({ kind: 'chain', name: '.assassin/chains/shop-report.ts', parent: root });
    run.lease('browser', 'headless Chromium', (browser) => {
      crawl(run, chain);
      run.append(
        { type: 'meter', meter: 'browser.wall_ms', value: 2140, mark: 'measured', source: 'monotonic clock of the host', lease: browser },
        { type: 'meter', meter: 'browser.cpu_ms', value: 1260, mark: 'measured', source: '/proc of the process group', lease: browser },
        { type: 'meter', meter: 'browser.memory_bytes', value: 312 * 1024 * 1024, mark: 'measured', source: 'largest sum of resident memory of the process group', lease: browser },
        { type: 'meter', meter: 'browser.requests', value: 46, mark: 'measured', source: 'requests that the egress proxy passed on', lease: browser },
        { type: 'meter', meter: 'egress.bytes_in', value: 812_345, mark: 'measured', source: 'bytes through the egress proxy', lease: browser },
        { type: 'egress.used', lease: browser, hosts: [{ host: 'shop.example:443', requests: 46, received: 812_345, sent: 40_960 }], refused: [{ action: 'net https://ads.example:443', attempts: 12, reason: 'No grant covers it.' }] },
      );
    });
    run.step({ kind: 'sandbox', name: 'group and summarise', parent: chain, input: { rows: 94 }, output: { groups: 5, dropped: 0 }, ms: 64 });
    run.lease('mcp', 'MCP server filesystem', () => {
      run.step({ kind: 'mcp', name: 'mcp.filesystem.write_file', parent: chain, input: { path: 'reports/shop.json' }, output: { written: true }, ms: 118 });
    }, 'process 4823 exited after its input was closed');
    if (screenshot) run.step({ kind: 'browser', name: 'page.screenshot', parent: chain, output: { ...run.journal.bytes(screenshot, 'image/png') } });
    run.append(
      { type: 'meter', meter: 'sandbox.wall_ms', value: 2630, mark: 'measured', source: 'monotonic clock of the host', lease: sandbox },
      { type: 'meter', meter: 'sandbox.cpu_ms', value: 141, mark: 'measured', source: 'CPU clock of the worker thread', lease: sandbox },
      { type: 'meter', meter: 'sandbox.memory_bytes', value: 18 * 1024 * 1024, mark: 'measured', source: 'WebAssembly memory of the sandbox', lease: sandbox },
    );
    run.end(chain);
  }, 'worker thread ended, exit code 0');
  run.append(
    { type: 'run.log', level: 'info', message: '94 items in 5 categories' },
    { type: 'meter', meter: 'mcp.calls', value: 1, mark: 'measured', source: 'calls answered' },
    { type: 'meter', meter: 'run.wall_ms', value: 2712, mark: 'measured', source: 'monotonic clock of the host' },
  );
  run.end(root);
  run.done(run.value(shopRows));
  return run.run;
}

function crawl(run: Recorder, chain: string): void {
  for (const [page, name] of ['lamps', 'chairs', 'shelves', 'desks', 'rugs'].entries()) {
    run.append({ type: 'run.progress', message: `Page ${page + 1} of 5`, fraction: (page + 1) / 5 });
    const url = `https://shop.example/${name}`;
    run.step({ kind: 'browser', name: `crawl ${name}`, parent: chain, input: { url }, output: { items: 18 }, ms: 20 }, (parent) => {
      run.step({ kind: 'browser', name: 'page.goto', parent, input: { url }, output: { status: 200 }, ms: 180 + 40 * page });
      run.step({ kind: 'browser', name: 'page.extract', parent, input: { rows: [{ name: '.name', price: '.price' }] }, output: { rows: 18 }, ms: 45 });
    });
  }
  run.step({
    kind: 'browser', name: 'page.goto', parent: chain, input: { url: 'https://shop.example/broken' }, status: 'error', ms: 95,
    error: { code: 'page-failed', message: 'https://shop.example/broken answered with status 500.', hint: 'Open it in a browser to see whether the site itself is down.' },
  });
  run.append({ type: 'run.log', level: 'warn', message: 'Skipped https://shop.example/broken: status 500' });
  run.append({ type: 'decision', action: 'net https://ads.example:443', effect: 'deny', outcome: 'denied', reason: 'No grant covers it.' });
}

/** A run whose journal has `events` events, most of them steps in groups with values of a usual size. */
export function recordLongRun(store: RunStore, options: RecordedRun, events: number): string {
  const run = new Recorder(store, { title: 'Crawl of a whole site', atOnce: true, ...options });
  run.enter('running');
  const root = run.begin({ kind: 'run', name: 'Crawl of a whole site' });
  let group = root;
  // created, running, the run's own step and its end, result and done make six; each step makes two, each group is a step.
  const steps = Math.floor((events - 6) / 2);
  for (let i = 0; i < steps; i++) {
    if (i % 40 === 0) {
      if (group !== root) run.end(group);
      group = run.begin({ kind: 'chain', name: `batch ${i / 40 + 1}`, parent: root });
      continue;
    }
    const failed = i % 97 === 0;
    run.step({
      kind: i % 3 === 0 ? 'browser' : i % 3 === 1 ? 'sandbox' : 'mcp', name: `step ${i}`, parent: group, ms: 12,
      input: { url: `https://shop.example/item/${i}`, options: { retries: 2, selector: '.price' } },
      ...(failed ? { status: 'error', error: { code: 'page-failed', message: `Item ${i} is gone.` } } : { output: { price: i / 7, text: 'x'.repeat(400) } }),
    });
  }
  if (group !== root) run.end(group);
  run.end(root);
  run.done(run.value({ items: steps }));
  return run.run;
}

export function recordFailedRun(store: RunStore, options: RecordedRun): string {
  const run = new Recorder(store, { title: 'Nightly check', source: '.assassin/chains/nightly.ts', ...options });
  run.enter('running');
  run.step({ kind: 'run', name: 'Nightly check', status: 'error', ms: 320, error: { code: 'chain-failed', message: 'price is not a number' } });
  run.pass(3).enter('failed', {
    code: 'chain-failed', message: 'TypeError: price is not a number', hint: 'Check the selector ".price" on the page.',
    location: { file: '.assassin/chains/nightly.ts', line: 12, column: 18 }, data: { value: 'n/a', row: 3 },
  });
  return run.run;
}
