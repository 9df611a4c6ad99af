import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { command, ended, eventsOf, resultOf, writeFile } from './recorded.ts';
import { describe, it, note } from './spec.ts';

const limitMs = 50;
const resolutionMs = 5;

const chain = (origin: string) => `import { browser, mcp, progress } from 'assassin';
export const meta = { title: 'Busy', grants: ['browser', 'net ${origin}', 'mcp everything:get-sum'] };
export default async function () {
  await using page = await browser.open('${origin}/?page=0');
  const rows: string[] = [];
  for (let i = 0; i < 12; i++) {
    await page.goto('${origin}/?page=' + i);
    const found = await page.extract({ names: ['.name'] });
    rows.push(...found.names.filter((name): name is string => name !== null));
    await mcp.everything['get-sum']({ a: i, b: rows.length });
    progress(i + ' pages', i / 12);
  }
  let checksum = 0;
  for (let i = 0; i < 200_000; i++) checksum = (checksum * 31 + rows.length + i) % 1_000_003;
  return { rows: rows.length, checksum };
}
`;

/** Other programs on the machine delay the host too, now and then; what this extension does itself, it does in every attempt. */
const attempts = 5;

describe('the extension host', () => {
  it(`answers within ${limitMs} ms at p99 while a run uses a browser, an MCP server and a sandbox`, async () => {
    const rows = Array.from({ length: 200 }, (_, i) => `<li class="name">Product ${i}</li>`).join('');
    await using server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(`<ul>${rows}</ul>`)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const uri = await writeFile('.assassin/chains/busy.ts', chain(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    await vscode.commands.executeCommand('infrastructureAssassin.runs.focus');
    const measured: number[] = [];
    while (measured.length < attempts && !measured.some((p99) => p99 < limitMs)) measured.push(await measure(uri));
    assert.ok(Math.min(...measured) < limitMs, `event-loop p99: ${measured.map((p99) => p99.toFixed(1)).join(', ')} ms`);
    await vscode.workspace.fs.delete(uri);
  }, 180_000);
});

async function measure(uri: vscode.Uri): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  // Looking at the record takes time of the same thread.
  const run = await ended(await command('runChain', uri), 60_000, 1000);
  delay.disable();
  assert.equal(run.state, 'done', JSON.stringify(run.error));
  assert.equal((resultOf(run.id) as { rows: number }).rows, 2400);
  // The histogram counts from look to look, of which the resolution is no delay.
  const [p99, max] = [delay.percentile(99), delay.max].map((nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolutionMs)) as [number, number];
  note(`event-loop p99: ${p99.toFixed(1)} ms (max ${max.toFixed(1)} ms, ${eventsOf(run.id).length} events in ${run.durationMs} ms)`);
  return p99;
}
