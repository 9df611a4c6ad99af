import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { denyAll } from '../../../src/policy/approver.ts';
import type { Rule } from '../../../src/policy/authorize.ts';
import type { Resolver } from '../../../src/policy/egress.ts';
import { Redactor } from '../../../src/policy/redact.ts';
import { parseRules } from '../../../src/policy/rules.ts';
import { processStart } from '../../../src/run/process-identity.ts';
import { RunManager } from '../../../src/run/run-manager.ts';
import type { RunScope } from '../../../src/run/run-scope.ts';
import { defaultSettings } from '../../../src/runtime-options.ts';
import { startTraceExport, type TraceExport } from '../../../src/runtime-telemetry.ts';
import type { Json } from '../../../src/shared/json.ts';
import { RunStore } from '../../../src/store/run-store.ts';
import type { TraceExportSettings } from '../../../src/telemetry/otlp/export-settings.ts';
import type { ExportLimits } from '../../../src/telemetry/otlp/trace-exporter.ts';
import { startCollector, type Behaviour } from './collector.ts';

let directory: string;
let store: RunStore;
let runs: RunManager;
let logged: string[];
const redactor = new Redactor();

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'test-export-'));
  store = new RunStore(directory);
  logged = [];
  runs = new RunManager({ store, redactor, host: { pid: process.pid, start: (await processStart(process.pid))! }, version: '1.2.3', concurrency: 4 });
});

afterEach(() => {
  store[Symbol.dispose]();
  rmSync(directory, { recursive: true, force: true });
});

function run(body: (scope: RunScope) => Promise<Json>) {
  return runs.start({ kind: 'chain', title: 'Price watch', source: 'watch.ts', workspace: directory, input: null, grants: [], rules: [], approver: denyAll, session: 'talk-1', budget: { steps: 100_000 } }, body);
}

interface Setup { readonly rules?: readonly Rule[]; readonly limits?: Partial<ExportLimits>; readonly timeoutMs?: number; readonly resolver?: Resolver; readonly secret?: (name: string) => Promise<string | undefined> }

function exporting(endpoint: string, settings: Partial<TraceExportSettings> = {}, { rules = [], limits, timeoutMs = 5000, resolver, secret }: Setup = {}): TraceExport {
  return startTraceExport({
    store, redactor, rules, timeoutMs, ...(resolver === undefined ? {} : { resolver }), limits: { lingerMs: 5, backoffMs: 10, longestBackoffMs: 3000, ...limits },
    options: {
      workspace: directory, dataDirectory: directory, distDirectory: pathToFileURL(directory), version: '1.2.3', approver: denyAll, log: (_level, message) => logged.push(message),
      settings: { ...defaultSettings, traceExport: { endpoint, headers: {}, encoding: 'protobuf', compression: 'gzip', content: true, ...settings } },
      ...(secret === undefined ? {} : { secret }),
    },
  })!;
}

const work = (scope: RunScope) => scope.step({ kind: 'model', name: 'gpt-x', input: { prompt: 'Grüße' } }, async (step) => {
  scope.meter('model.input_tokens', 120, 'measured', 'reported by the provider', { step });
  scope.meter('model.output_tokens', 30, 'measured', 'reported by the provider', { step });
  await scope.step({ kind: 'mcp', name: 'mcp.files.read', parent: step }, () => Promise.resolve('read'));
  return 'answer';
});

describe('traces that are sent to a collector', () => {
  for (const encoding of ['protobuf', 'json'] as const) {
    for (const compression of ['gzip', 'none'] as const) {
      it(`arrive whole as ${encoding} with compression ${compression}, under the names of the conventions`, async () => {
        await using collector = await startCollector();
        await using traces = exporting(collector.endpoint, { encoding, compression });
        await run(work).outcome;
        await traces.flush();
        expect(collector.requests[0]).toMatchObject({ path: '/v1/traces', headers: { 'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf' } });
        const [root, model, tool] = collector.spans;
        expect(collector.spans).toHaveLength(3);
        expect(root).toMatchObject({ name: 'invoke_workflow Price watch', parentSpanId: '', attributes: { 'gen_ai.conversation.id': 'talk-1' }, status: { code: 1 } });
        expect(model).toMatchObject({
          name: 'chat gpt-x', kind: 3, parentSpanId: root!.spanId, traceId: root!.traceId,
          attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-x', 'gen_ai.usage.input_tokens': 120, 'gen_ai.usage.output_tokens': 30, 'gen_ai.input.messages': '{"prompt":"Grüße"}', 'gen_ai.output.messages': '"answer"' },
        });
        expect(tool).toMatchObject({ name: 'tools/call read', parentSpanId: model!.spanId, attributes: { 'mcp.method.name': 'tools/call' } });
        expect(BigInt(model!.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(model!.startTimeUnixNano));
        expect(traces.stats).toMatchObject({ exported: 3, dropped: 0 });
      });
    }
  }

  it('leave out what went into steps and came out of them where content is off', async () => {
    await using collector = await startCollector();
    await using traces = exporting(collector.endpoint, { content: false });
    await run(work).outcome;
    await traces.flush();
    expect(JSON.stringify(collector.spans)).not.toMatch(/Grüße|answer/);
    expect(collector.spans).toHaveLength(3);
  });

  it('come with the headers of the settings, secrets by name', async () => {
    await using collector = await startCollector();
    await using traces = exporting(collector.endpoint, { headers: { Authorization: 'Basic ${secret:langfuse}' } }, { secret: (name) => Promise.resolve(name === 'langfuse' ? 'cGs6c2VjcmV0' : undefined) });
    await run(work).outcome;
    await traces.flush();
    expect(collector.requests[0]?.headers.authorization).toBe('Basic cGs6c2VjcmV0');
    expect(logged).toEqual([]);
  });

  it('are given up where a secret is missing, which is told once', async () => {
    await using collector = await startCollector();
    await using traces = exporting(collector.endpoint, { headers: { 'x-key': '${secret:none}' } }, { secret: () => Promise.resolve(undefined) });
    await run(work).outcome;
    await traces.flush();
    await run(work).outcome;
    await traces.flush();
    expect(collector.requests).toEqual([]);
    expect(traces.stats.dropped).toBe(6);
    expect(logged).toEqual([expect.stringContaining('"none"')]);
  });

  it('wait as long as a busy collector asks for, and are not lost or sent twice', async () => {
    await using collector = await startCollector({ status: 429, headers: { 'retry-after': '1' } }, { status: 503 });
    await using traces = exporting(collector.endpoint);
    await run(work).outcome;
    await traces.flush();
    expect(collector.arrivals[1]! - collector.arrivals[0]!).toBeGreaterThanOrEqual(990);
    expect(collector.spans).toHaveLength(3);
    expect(traces.stats).toMatchObject({ exported: 3, dropped: 0 });
  });

  it.each([500, 400, 401, 302] as const)('are not sent again after a %i, and counted as dropped', async (status) => {
    await using collector = await startCollector({ status, headers: { location: '/elsewhere' } });
    await using traces = exporting(collector.endpoint);
    await run(work).outcome;
    await traces.flush();
    expect(collector.arrivals).toHaveLength(1);
    expect(traces.stats).toMatchObject({ exported: 0, dropped: 3, problem: expect.stringContaining(String(status)) as string });
  });

  it('are sent again after a collector that does not answer, and after one that is not there', async () => {
    await using collector = await startCollector('stall');
    await using traces = exporting(collector.endpoint, {}, { timeoutMs: 300 });
    await run(work).outcome;
    await traces.flush();
    expect(traces.stats).toMatchObject({ exported: 3, dropped: 0 });
    expect(collector.arrivals).toHaveLength(2);
    await using nobody = exporting('http://127.0.0.1:1', {}, { limits: { attempts: 2 } });
    await run(work).outcome;
    await nobody.flush();
    expect(nobody.stats).toMatchObject({ exported: 0, dropped: 3 });
  });

  it('hold up neither a run nor the end of the program when a collector stalls', async () => {
    await using collector = await startCollector('stall', 'stall', 'stall');
    const traces = exporting(collector.endpoint, {}, { timeoutMs: 60_000, limits: { closeMs: 200 } });
    expect((await run(work).outcome).state).toBe('done');
    await traces[Symbol.asyncDispose]();
    expect(traces.stats).toMatchObject({ exported: 0, dropped: 3, queued: 0 });
    expect(logged).toHaveLength(1);
  });

  it('are sent at the end of the program without waiting for more', async () => {
    await using collector = await startCollector();
    const traces = exporting(collector.endpoint, {}, { limits: { lingerMs: 60_000 } });
    await run(work).outcome;
    await traces[Symbol.asyncDispose]();
    expect(collector.spans).toHaveLength(3);
  });

  it('are cut into requests of a bounded size, and short ones share a request', async () => {
    await using collector = await startCollector();
    await using traces = exporting(collector.endpoint, {}, { limits: { batch: 10, lingerMs: 200 } });
    await Promise.all([run(work).outcome, run(work).outcome, run(async (scope) => {
      for (let i = 0; i < 30; i++) await scope.step({ kind: 'tool', name: `tool ${i}` }, () => Promise.resolve(i));
      return null;
    }).outcome]);
    await traces.flush();
    expect(collector.spans).toHaveLength(37);
    expect(new Set(collector.spans.map(({ traceId }) => traceId)).size).toBe(3);
    expect(collector.requests.every(({ spans }) => spans.length <= 10)).toBe(true);
    expect(collector.requests.length).toBeLessThanOrEqual(5);
  });

  it('beyond the bound of the queue are left out and counted', async () => {
    await using collector = await startCollector();
    await using traces = exporting(collector.endpoint, {}, { limits: { maxQueuedRuns: 2, lingerMs: 60_000 } });
    for (let i = 0; i < 5; i++) await run(work).outcome;
    expect(traces.stats).toMatchObject({ queued: 2, droppedRuns: 3 });
  });

  it('go nowhere where a rule denies the place', async () => {
    await using collector = await startCollector();
    await using traces = exporting(collector.endpoint, {}, { rules: parseRules([{ effect: 'deny', grant: 'net http://127.0.0.1:*', origin: 'test' }], directory) });
    await run(work).outcome;
    await traces.flush();
    expect(collector.arrivals).toEqual([]);
    expect(traces.stats.dropped).toBe(3);
  });

  it.each([['a name that leads to this computer', 'traces.evil.example'], ['the address of cloud credentials, as written', '169.254.169.254']])('do not go to %s, and are not sent there again', async (_, host) => {
    await using collector = await startCollector();
    await using traces = exporting(collector.endpoint.replace('127.0.0.1', host), {}, { resolver: () => Promise.resolve(['127.0.0.1']) });
    await run(work).outcome;
    await traces.flush();
    expect(collector.arrivals).toEqual([]);
    expect(traces.stats).toMatchObject({ exported: 0, dropped: 3 });
    expect(logged.join('\n')).toContain(host);
  });

  it('follow no redirect: headers with keys would go along', async () => {
    await using elsewhere = await startCollector();
    await using collector = await startCollector({ status: 307, headers: { location: `${elsewhere.endpoint}/v1/traces` } });
    await using traces = exporting(collector.endpoint);
    await run(work).outcome;
    await traces.flush();
    expect(collector.arrivals).toHaveLength(1);
    expect(elsewhere.arrivals).toEqual([]);
    expect(traces.stats).toMatchObject({ exported: 0, dropped: 3 });
  });

  it('say how many spans a collector has not taken', async () => {
    const partial: Behaviour = { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify({ partialSuccess: { rejectedSpans: 2, errorMessage: 'too old' } })) };
    await using collector = await startCollector(partial);
    await using traces = exporting(collector.endpoint, { encoding: 'json' });
    await run(work).outcome;
    await traces.flush();
    expect(traces.stats).toMatchObject({ exported: 1, dropped: 2 });
  });

  it('hang together where a run has started another one', async () => {
    await using collector = await startCollector();
    await using traces = exporting(collector.endpoint);
    await run((scope) => scope.step({ kind: 'agent', name: 'ask' }, async (step) => {
      const child = runs.start({ kind: 'task', title: 'Child', source: 'child', workspace: directory, input: null, grants: [], rules: [], approver: denyAll, parent: { scope, link: { step, key: 'k', agent: 'helper' } } }, work);
      await child.outcome;
      return null;
    })).outcome;
    await traces.flush();
    const asked = collector.spans.find(({ name }) => name === 'invoke_agent ask');
    const child = collector.spans.find(({ name }) => name === 'invoke_workflow Child');
    expect(child?.parentSpanId).toBe(asked?.spanId);
    expect(child?.traceId).toBe(asked?.traceId);
  });
});
