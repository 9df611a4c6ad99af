import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import * as sdk from '@opentelemetry/sdk-trace';
import { context as contexts, trace as traces } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Redactor } from '../../../src/policy/redact.ts';
import { startTraceReceiver } from '../../../src/serve/traces/start-receiver.ts';
import { longestBody, type TraceReceiver } from '../../../src/serve/traces/trace-receiver.ts';
import type { EventOf } from '../../../src/shared/events.ts';
import { RunStore } from '../../../src/store/run-store.ts';
import { readJson } from '../../../src/telemetry/received/read-json.ts';
import { receivedOtlpJson } from '../../../src/telemetry/received/received-otlp-json.ts';
import { spansOf } from '../../../src/telemetry/spans.ts';

let directory: string;
let store: RunStore;
let receiver: TraceReceiver;
let errors: string[];

const ownPrices = { 'in-house/large': { input: 2, output: 5 }, 'openai/gpt-4.1': { input: 1, output: 1 } };
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'test-receive-'));
  store = new RunStore(directory);
  errors = [];
  receiver = await startTraceReceiver({ store, workspace: directory, redactor: new Redactor(), models: { ownPrices } }, { version: '1.2.3', onError: (message) => errors.push(message) });
});

afterEach(async () => {
  await receiver[Symbol.asyncDispose]();
  store[Symbol.dispose]();
  rmSync(directory, { recursive: true, force: true });
});

const received = (run: string) => store.eventsOf(run, ['span.received']).filter((event): event is EventOf<'span.received'> => event.type === 'span.received');
const all = () => store.runs({ workspace: directory }).items;
const inline = (value: unknown) => (value as { readonly json?: unknown } | undefined)?.json;

/** Spans that the official SDK makes and the official exporter sends. */
async function traced(Exporter: typeof JsonExporter | typeof ProtobufExporter, work: (tracer: ReturnType<sdk.TracerProvider['getTracer']>) => void, headers: Record<string, string> = { authorization: `Bearer ${receiver.token}` }): Promise<void> {
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'my-app' }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: new Exporter({ url: `${receiver.endpoint}/v1/traces`, headers }) })],
  });
  work(provider.getTracer('my-lib', '3.2.1'));
  await provider.forceFlush();
  await provider.shutdown();
}

const lines = (run: string) => spansOf(store.events(run, 0, 1000), store.run(run).state).map(({ name, depth, kind }) => `${'  '.repeat(depth)}${name} (${kind})`);

describe('traces of other programs', () => {
  for (const [name, Exporter] of [['protobuf', ProtobufExporter], ['JSON', JsonExporter]] as const) {
    it(`come in whole from the official SDK in ${name}: attributes, events, links, status, parents and times`, async () => {
      const at = 1_790_000_000_000;
      await traced(Exporter, (tracer) => {
        const root = tracer.startSpan('answer question', { startTime: at, attributes: { 'session.id': 'talk-7', 'tag.tags': ['beta', 'eu'] } });
        const inRoot = traces.setSpan(contexts.active(), root);
        const model = tracer.startSpan('chat', {
          startTime: at + 10, kind: SpanKind.CLIENT, links: [{ context: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.SAMPLED }, attributes: { why: 'retry' } }],
          attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-x', 'gen_ai.usage.input_tokens': 12, 'gen_ai.usage.output_tokens': 5, 'gen_ai.input.messages': '[{"role":"user"}]', ratio: 0.25, on: true, list: ['a', 'b'], many: [1, 2] },
        }, inRoot);
        model.addEvent('first token', { ms: 42 }, at + 15);
        model.setStatus({ code: SpanStatusCode.ERROR, message: 'rate limited' });
        model.end(at + 30.5);
        root.setStatus({ code: SpanStatusCode.OK });
        root.end(at + 100);
      });
      const [run] = all();
      expect(run).toMatchObject({ kind: 'trace', title: 'answer question', source: 'my-app', state: 'done', session: 'talk-7', steps: 2 });
      expect(store.traces.tags(run!.id)).toEqual(['beta', 'eu']);
      expect(lines(run!.id)).toEqual(['answer question (run)', '  chat (model)']);
      const spans = received(run!.id);
      const root = spans.find((span) => span.name === 'answer question');
      const model = spans.find((span) => span.name === 'chat');
      expect(root).toMatchObject({ status: 'ok', startedAt: at, ms: 100 });
      expect(model).toMatchObject({ parent: root!.span, status: 'error', message: 'rate limited', model: 'gpt-x', startedAt: at + 10, scope: { name: 'my-lib', version: '3.2.1' }, input: { name: 'gen_ai.input.messages', value: { json: '[{"role":"user"}]' } } });
      expect(model!.ms).toBeCloseTo(20.5, 3);
      expect(inline(model!.attributes)).toEqual({ 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-x', 'gen_ai.usage.input_tokens': 12, 'gen_ai.usage.output_tokens': 5, ratio: 0.25, on: true, list: ['a', 'b'], many: [1, 2] });
      expect(inline(model!.moments)).toEqual([{ at: at + 15, name: 'first token', attributes: { ms: 42 } }]);
      expect(inline(model!.links)).toEqual([{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), attributes: { why: 'retry' } }]);
      expect(store.eventsOf(run!.id, ['meter']).map((event) => event.type === 'meter' && [event.meter, event.value])).toEqual([['model.input_tokens', 12], ['model.output_tokens', 5], ['model.cost_usd', 0]]);
      expect(errors).toEqual([]);
    });
  }

  it('are understood in the words of OpenInference and Langfuse, and the token may be the secret key of Langfuse', async () => {
    const basic = { authorization: `Basic ${Buffer.from(`pk-any:${receiver.token}`).toString('base64')}` };
    await traced(ProtobufExporter, (tracer) => {
      const root = tracer.startSpan('agent', { attributes: { 'openinference.span.kind': 'AGENT', 'langfuse.trace.name': 'Support', 'langfuse.session.id': 's-1', 'langfuse.trace.tags': ['vip'] } });
      const inRoot = traces.setSpan(contexts.active(), root);
      tracer.startSpan('generate', { attributes: { 'langfuse.observation.type': 'generation', 'langfuse.observation.usage_details': '{"input":7,"output":3}', 'langfuse.observation.cost_details': '{"total":0.002}', 'langfuse.observation.output': 'Hello' } }, inRoot).end();
      tracer.startSpan('find', { attributes: { 'openinference.span.kind': 'RETRIEVER', 'input.value': 'refund policy' } }, inRoot).end();
      root.end();
    }, basic);
    const [run] = all();
    expect(run).toMatchObject({ title: 'Support', session: 's-1', costUsd: 0.002 });
    expect(lines(run!.id)).toEqual(['agent (agent)', '  generate (model)', '  find (retriever)']);
    expect(store.traces.tags(run!.id)).toEqual(['vip']);
    expect((await store.texts.search({ words: 'refund policy' })).map((hit) => hit.run)).toEqual([run!.id]);
  });

  // The attributes as the SDKs of Langfuse and OpenInference write them.
  it.each([
    ['Langfuse, parts apart', { 'langfuse.observation.type': 'generation', 'langfuse.observation.model.name': 'm', 'langfuse.observation.usage_details': '{"input":20,"output":8,"total":128,"input_cached_tokens":100}', 'langfuse.observation.cost_details': '{"input":0.00003,"output":0.00002}' }, { input: 120, cached_input: 100, output: 8 }, { costUsd: 0.00005, costMark: 'estimated' }],
    ['Langfuse, as Anthropic counts', { 'langfuse.observation.type': 'generation', 'langfuse.observation.usage_details': '{"input_tokens":10,"cache_read_input_tokens":90,"cache_creation_input_tokens":5,"output_tokens":3}' }, { input: 105, cached_input: 90, cache_write: 5, output: 3 }, { costUsd: 0, costMark: 'unknown' }],
    ['OpenInference', { 'openinference.span.kind': 'LLM', 'llm.model_name': 'm', 'llm.token_count.prompt': 50, 'llm.token_count.completion': 4, 'llm.token_count.prompt_details.cache_read': 30, 'llm.token_count.completion_details.reasoning': 2 }, { input: 50, cached_input: 30, output: 4, reasoning: 2 }, { costUsd: 0, costMark: 'unknown' }],
    ['OpenTelemetry', { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 50, 'gen_ai.usage.cache_read.input_tokens': 7, 'gen_ai.usage.output_tokens': 0 }, { input: 50, cached_input: 7, output: 0 }, { costUsd: 0, costMark: 'unknown' }],
  ] as const)('have the tokens that came from a cache apart, and no price where none is named: %s', async (_who, attributes, tokens, cost) => {
    await traced(ProtobufExporter, (tracer) => tracer.startSpan('ask', { attributes: { ...attributes, 'llm.input_messages.0.message.content': 'Be brief.', 'llm.input_messages.1.message.content': 'What is a lease?' } }).end());
    const [run] = all();
    expect(run).toMatchObject(cost);
    const meters = store.eventsOf(run!.id, ['meter']).flatMap((event) => (event.type === 'meter' && event.meter.endsWith('_tokens') ? [[event.meter.slice('model.'.length, -'_tokens'.length), event.value]] : []));
    expect(Object.fromEntries(meters)).toEqual(tokens);
    // The last message is what went in; the one before is among the attributes.
    const [span] = store.eventsOf(run!.id, ['span.received']);
    expect(span).toMatchObject({ kind: 'model', input: { name: 'llm.input_messages.1.message.content', value: { json: 'What is a lease?' } } });
  });

  it.each([
    // 200,000 uncached at $1.25, 800,000 cached at $0.125 and 10,000 at $10 a million.
    ['a known model of its maker', { 'gen_ai.request.model': 'gpt-5', 'gen_ai.usage.cache_read.input_tokens': 800_000 }, { costUsd: 0.45, costMark: 'estimated' }],
    ['a provider that is named', { 'gen_ai.request.model': 'gpt-5', 'gen_ai.provider.name': 'openai', 'gen_ai.usage.cache_read.input_tokens': 800_000 }, { costUsd: 0.45, costMark: 'estimated' }],
    ['a provider whose prices nobody knows', { 'gen_ai.request.model': 'gpt-5', 'gen_ai.provider.name': 'our-gateway' }, { costUsd: 0, costMark: 'unknown' }],
    ['a provider named as nothing is', { 'gen_ai.request.model': 'gpt-5', 'gen_ai.provider.name': 'constructor' }, { costUsd: 0, costMark: 'unknown' }],
    ['a model that nobody knows', { 'gen_ai.request.model': 'gpt-of-nobody-9000' }, { costUsd: 0, costMark: 'unknown' }],
    ['a cost of its own', { 'gen_ai.request.model': 'gpt-5', 'gen_ai.usage.cost': 0.3 }, { costUsd: 0.3, costMark: 'estimated' }],
    ['own price, of a provider that no list knows', { 'gen_ai.provider.name': 'in-house', 'gen_ai.request.model': 'large' }, { costUsd: 2.05, costMark: 'estimated' }],
    ['own price, before the list', { 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4.1' }, { costUsd: 1.01, costMark: 'estimated' }],
  ] as const)('are priced by the settings or at list price where the program names none and the price is known: %s', async (_who, attributes, cost) => {
    await traced(ProtobufExporter, (tracer) => tracer.startSpan('ask', { attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 1_000_000, 'gen_ai.usage.output_tokens': 10_000, ...attributes } }).end());
    const [run] = all();
    expect({ ...run, costUsd: Number(run!.costUsd.toFixed(9)) }).toMatchObject(cost);
  });

  it('are recorded once where a span is sent twice, also after a restart of the receiver, and late ones find their trace', async () => {
    const body = (spans: readonly object[]) => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
    const span = (id: string, more: object = {}) => ({ traceId: '1'.repeat(32), spanId: id.repeat(16), name: id, startTimeUnixNano: '1790000000000000000', endTimeUnixNano: '1790000001000000000', ...more });
    const late = span('c', { parentSpanId: 'a'.repeat(16) });
    await send(body([span('a'), span('b', { parentSpanId: 'a'.repeat(16) }), span('a')]));
    await receiver[Symbol.asyncDispose]();
    receiver = await startTraceReceiver({ store, workspace: directory, redactor: new Redactor(), models: { ownPrices } }, { version: '1.2.3', onError: (message) => errors.push(message) });
    await send(body([span('a'), late]));
    const runs = all();
    expect(runs).toHaveLength(1);
    expect(lines(runs[0]!.id)).toEqual(['a (run)', '  b (chain)', '  c (chain)']);
  });

  it('that are no spans are counted to the sender and left out', async () => {
    const answer = await send(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'zz', spanId: '1', name: 'x', startTimeUnixNano: '1', endTimeUnixNano: '0' }] }] }] }));
    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('"rejectedSpans":"1"') as string });
    expect(all()).toEqual([]);
  });

  it('without the right token, from web pages and for another host are refused, and nothing is recorded', async () => {
    const body = JSON.stringify({ resourceSpans: [] });
    expect((await send(body, { authorization: 'Bearer wrong-token-wrong-token' })).status).toBe(401);
    expect((await send(body, { authorization: '' })).status).toBe(401);
    expect((await send(body, { authorization: `Basic ${Buffer.from('pk:nope').toString('base64')}` })).status).toBe(401);
    expect((await send(body, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await send(body, { host: 'rebound.example' })).status).toBe(403);
    expect((await send(body, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await send(body, {}, '/v1/metrics')).status).toBe(404);
  });

  it('that are broken, too large or a bomb are refused, and the next ones are taken', async () => {
    const good = await sample();
    const binary = { 'content-type': 'application/x-protobuf' };
    for (let cut = 1; cut < good.length; cut += 7) expect((await send(good.subarray(0, cut), binary)).status, `cut at ${cut}`).toBe(400);
    expect((await send(Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]), binary)).status).toBe(400);
    expect((await send('{"resourceSpans":7}')).status).toBe(400);
    expect((await send('not json')).status).toBe(400);
    expect((await send(Buffer.from('no gzip'), { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await send(gzipSync(Buffer.alloc(longestBody.unpacked + 1)), { 'content-encoding': 'gzip' })).status).toBe(413);
    expect([413, 'ended']).toContain((await send(Buffer.alloc(longestBody.sent + 1, 32))).status);
    expect(all()).toEqual([]);
    expect((await send(good, binary)).status).toBe(200);
    expect(all()).toHaveLength(1);
  });

  it('beyond the limits go, the oldest first, and runs of the person stay', async () => {
    for (const id of ['1', '2', '3']) await send(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: id.repeat(32), spanId: id.repeat(16), name: id, startTimeUnixNano: '1790000000000000000', endTimeUnixNano: '1790000000000000000' }] }] }] }));
    const beyond = store.traces.beyond({ maxSpans: 2, maxBytes: 1e9, maxAgeMs: 1e12 });
    expect(beyond.map((run) => store.run(run).title)).toEqual(['1']);
    store.prune({ maxRuns: 1, maxAgeMs: 1 }, Date.now() + 1000);
    expect(all()).toHaveLength(3);
  });

  it('go on to another collector as they came, in whole', async () => {
    const at = 1_790_000_000_000;
    await traced(ProtobufExporter, (tracer) => {
      const root = tracer.startSpan('answer', { startTime: at, attributes: { 'session.id': 's-1' } });
      const model = tracer.startSpan('ask', {
        startTime: at + 10, kind: SpanKind.CLIENT, links: [{ context: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.SAMPLED }, attributes: { why: 'retry' } }],
        attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-x', 'gen_ai.usage.input_tokens': 12, 'gen_ai.input.messages': 'x'.repeat(100_000), ratio: 0.25, on: true, list: ['a', 'b'] },
      }, traces.setSpan(contexts.active(), root));
      model.addEvent('first token', { ms: 42 }, at + 15);
      model.setStatus({ code: SpanStatusCode.ERROR, message: 'rate limited' });
      model.end(at + 30);
      root.end(at + 100);
    });
    const [run] = all();
    const body = JSON.stringify(await receivedOtlpJson(store.events(run!.id, 0, 1000), (hash) => store.blobs.read(hash)));
    const sent = readJson(Buffer.from(body));
    const { traceId } = store.eventsOf(run!.id, ['trace.received']).map((event) => ({ traceId: event.type === 'trace.received' ? event.trace : '' }))[0]!;
    const ask = sent.find(({ name }) => name === 'ask');
    expect(sent.find(({ name }) => name === 'answer')).toMatchObject({ traceId, kind: 1, startedAt: at, endedAt: at + 100, attributes: { 'session.id': 's-1' }, resource: { 'service.name': 'my-app' }, scope: { name: 'my-lib', version: '3.2.1' } });
    expect(ask).toEqual({
      traceId, spanId: ask?.spanId, parentSpanId: sent.find(({ name }) => name === 'answer')?.spanId, name: 'ask', kind: 3, startedAt: at + 10, endedAt: at + 30, status: { code: 2, message: 'rate limited' },
      attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-x', 'gen_ai.usage.input_tokens': 12, 'gen_ai.input.messages': 'x'.repeat(100_000), ratio: 0.25, on: true, list: ['a', 'b'] },
      events: [{ at: at + 15, name: 'first token', attributes: { ms: 42 } }], links: [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), attributes: { why: 'retry' } }],
      resource: sent[0]?.resource, scope: { name: 'my-lib', version: '3.2.1' },
    });
    // Taken back, nothing is new.
    expect(await send(body)).toMatchObject({ status: 200 });
    expect(received(run!.id)).toHaveLength(2);
  });

  it('leave a closed port and no lease when the receiver ends', async () => {
    expect(store.hostLeases.list()).toMatchObject([{ kind: 'server', label: 'receiver of traces' }]);
    await receiver[Symbol.asyncDispose]();
    expect(store.hostLeases.list()).toEqual([]);
    await expect(send('{}')).rejects.toThrow(/ECONNREFUSED/);
  });
});

async function sample(): Promise<Uint8Array> {
  const { ProtobufTraceSerializer } = await import('@opentelemetry/otlp-transformer');
  const made: ReadableSpan[] = [];
  const provider = new sdk.TracerProvider({ spanProcessors: [{ onStart: () => undefined, onEnd: (span: ReadableSpan) => void made.push(span), forceFlush: () => Promise.resolve(), shutdown: () => Promise.resolve() }] });
  const span = provider.getTracer('t').startSpan('whole', { attributes: { a: 'text', n: 5, list: ['x', 'y'] } });
  span.addEvent('e', { k: 1.5 });
  span.end();
  return ProtobufTraceSerializer.serializeRequest(made)!;
}

function send(body: string | Uint8Array, headers: Record<string, string> = {}, path = '/v1/traces'): Promise<{ readonly status: number | 'ended'; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${receiver.endpoint}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${receiver.token}`, ...headers } }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => { text += chunk.toString(); }).on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    request.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' || error.code === 'ECONNRESET' ? resolve({ status: 'ended', body: '' }) : reject(error)));
    request.end(body);
  });
}
