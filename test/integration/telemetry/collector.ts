import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import decoder from 'otlp-decoder/build/src/generated/root.js';

export interface CollectedSpan {
  readonly traceId: string; readonly spanId: string; readonly parentSpanId: string; readonly name: string; readonly kind: number;
  readonly startTimeUnixNano: string; readonly endTimeUnixNano: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[];
  readonly status: { readonly code: number; readonly message: string };
}

export interface CollectedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly spans: readonly CollectedSpan[];
}

/** What the collector does with its next request: a status, or `stall` for no answer at all. */
export type Behaviour = { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: Uint8Array } | 'stall';

interface KeyValue { readonly key: string; readonly value: Readonly<Record<string, unknown>> }
interface RawSpan {
  readonly traceId: unknown; readonly spanId: unknown; readonly parentSpanId?: unknown; readonly name: string; readonly kind: number; readonly startTimeUnixNano: unknown; readonly endTimeUnixNano: unknown;
  readonly attributes?: readonly KeyValue[]; readonly events?: readonly { readonly name: string; readonly attributes?: readonly KeyValue[] }[]; readonly status?: { readonly code?: number; readonly message?: string };
}
interface RawRequest { readonly resourceSpans: readonly { readonly resource: { readonly attributes: readonly KeyValue[] }; readonly scopeSpans: readonly { readonly spans: readonly RawSpan[] }[] }[] }

/** The generated classes come without types. */
interface Generated { readonly opentelemetry: { readonly proto: { readonly collector: { readonly trace: { readonly v1: { readonly ExportTraceServiceRequest: {
  decode(bytes: Uint8Array): object;
  toObject(message: object, options: { readonly longs: StringConstructor; readonly bytes: BufferConstructor }): unknown;
} } } } } } }
const { ExportTraceServiceRequest } = (decoder as unknown as Generated).opentelemetry.proto.collector.trace.v1;

/** A collector that reads what it is sent with the classes that OpenTelemetry has generated from its protocol files, or as JSON, and answers as told. */
export async function startCollector(...behaviours: Behaviour[]) {
  const requests: CollectedRequest[] = [];
  const arrivals: number[] = [];
  const stalled: ServerResponse[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      arrivals.push(performance.now());
      const behaviour = behaviours.shift() ?? { status: 200 };
      if (behaviour === 'stall') return void stalled.push(response);
      if (behaviour.status === 200) {
        const sent = Buffer.concat(chunks);
        const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
        const raw = (request.headers['content-type'] === 'application/json' ? JSON.parse(body.toString()) : ExportTraceServiceRequest.toObject(ExportTraceServiceRequest.decode(body), { longs: String, bytes: Buffer })) as RawRequest;
        requests.push({ path: request.url ?? '', headers: request.headers, spans: raw.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(plain))) });
      }
      response.writeHead(behaviour.status, behaviour.headers).end(behaviour.body);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`, requests, arrivals,
    get spans() { return requests.flatMap(({ spans }) => spans); },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}

const hex = (value: unknown): string => (value === undefined || value === null ? '' : typeof value === 'string' ? value : Buffer.from(value as Uint8Array).toString('hex'));
const attributes = (list: readonly KeyValue[] = []) => Object.fromEntries(list.map(({ key, value }) => {
  const [kind, held] = Object.entries(value)[0] ?? [];
  return [key, kind === 'intValue' ? Number(held) : held];
}));

function plain(span: RawSpan): CollectedSpan {
  return {
    traceId: hex(span.traceId), spanId: hex(span.spanId), parentSpanId: hex(span.parentSpanId), name: span.name, kind: span.kind,
    startTimeUnixNano: String(span.startTimeUnixNano), endTimeUnixNano: String(span.endTimeUnixNano), attributes: attributes(span.attributes),
    events: (span.events ?? []).map((event) => ({ name: event.name, attributes: attributes(event.attributes) })),
    status: { code: span.status?.code ?? 0, message: span.status?.message ?? '' },
  };
}
