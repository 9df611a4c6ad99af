import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { authorize, type Rule } from './policy/authorize.ts';
import { netAction } from './policy/action.ts';
import type { Resolver } from './policy/egress.ts';
import { egressFetch } from './policy/egress-fetch.ts';
import { fillHeaders } from './policy/fill-headers.ts';
import type { Redactor } from './policy/redact.ts';
import type { RuntimeOptions } from './runtime-options.ts';
import { AssassinError } from './shared/errors.ts';
import type { JournalEvent } from './shared/events.ts';
import { isTerminal } from './shared/run-state.ts';
import type { RunStore } from './store/run-store.ts';
import type { SpanGroup } from './telemetry/otlp/encode-spans.ts';
import { tracesUrl } from './telemetry/otlp/export-settings.ts';
import { otelSpansOf, resourceAttributes } from './telemetry/otlp/otel-span.ts';
import { postTraces } from './telemetry/otlp/post-traces.ts';
import { TraceExporter, type ExportLimits, type ExportStats } from './telemetry/otlp/trace-exporter.ts';

export interface RuntimeTelemetryOptions {
  readonly options: RuntimeOptions;
  readonly store: RunStore;
  readonly redactor: Redactor;
  readonly rules: readonly Rule[];
  readonly limits?: Partial<ExportLimits>;
  /** Longest time of one request, milliseconds. */
  readonly timeoutMs?: number;
  /** The system's where absent. */
  readonly resolver?: Resolver;
}

/** Traces on their way to a collector. Disposing it sends what waits, for some seconds at most. */
export interface TraceExport extends AsyncDisposable {
  readonly stats: ExportStats;
  flush(): Promise<void>;
}

/** The answer of a collector is a few bytes. */
const longestAnswer = { bytes: 1024 * 1024, error: (host: string, bytes: number) => new AssassinError('timeout', `The answer of ${host} is longer than ${bytes} bytes.`) };
const compress = promisify(gzip);
const eventsAtOnce = 2000;

/** Sends each trace to the collector that the person has set; `undefined` where there is none. Throws `invalid-config`. */
export function startTraceExport({ options, store, redactor, rules, limits, timeoutMs = 10_000, resolver }: RuntimeTelemetryOptions): TraceExport | undefined {
  const { settings: { traceExport }, version, secret, log } = options;
  if (traceExport === undefined) return undefined;
  const { encoding, compression, content } = traceExport;
  const url = tracesUrl(traceExport.endpoint);
  const denied = (asked: URL) => authorize(netAction(asked), [], rules.filter(({ effect }) => effect === 'deny')).rule !== undefined;
  const egress = egressFetch({ allows: (asked) => asked.origin === url.origin && !denied(asked), reach: 'configured', connectMs: timeoutMs, maxBytes: longestAnswer, ...(resolver === undefined ? {} : { resolver }) });
  const headers = async (): Promise<Readonly<Record<string, string>>> => {
    const filled = await fillHeaders(traceExport.headers, {
      secret: async (name) => secret?.(name), known: (value) => redactor.add([value]),
      missing: (name) => new AssassinError('invalid-config', `The secret "${name}" of otlp.headers is not stored.`, { hint: 'Store it, then run again.' }),
    });
    return Object.fromEntries(Object.entries(filled).map(([name, value]) => [name.toLowerCase(), value]));
  };
  const read = async (run: string): Promise<SpanGroup | undefined> => {
    const summary = store.run(run);
    const events: JournalEvent[] = [];
    for (let more = true; more;) {
      const page = store.events(run, events.at(-1)?.seq ?? 0, eventsAtOnce);
      for (const event of page) events.push(event);
      more = page.length === eventsAtOnce;
      // A long record is read piece by piece, so that the runs that go on do not wait for it.
      await new Promise((resolve) => { setImmediate(resolve); });
    }
    return { resource: resourceAttributes(summary, version), spans: otelSpansOf(summary, events, { lineage: lineageOf(store, run, events), content }) };
  };
  const exporter = new TraceExporter({
    read,
    send: async (groups, signal) => {
      const { contentTypes, encodeSpans, rejectedSpans } = await import('./telemetry/otlp/encode-spans.ts');
      const plain = encodeSpans(groups, encoding, version);
      const body = compression === 'gzip' ? await compress(plain) : plain;
      const outcome = await postTraces(egress.fetch, {
        url, body, timeoutMs, signal,
        headers: { ...(await headers()), 'content-type': contentTypes[encoding], ...(compression === 'gzip' ? { 'content-encoding': 'gzip' } : {}), 'user-agent': `infrastructure-assassin/${version}` },
      });
      return outcome.kind === 'taken' ? { ...outcome, rejected: rejectedSpans(outcome.answer, encoding).spans } : outcome;
    },
    log: (level, message) => log(level, redactor.redact(message)),
    ...(limits === undefined ? {} : { limits }),
  });
  const listening = store.onAppend((events) => {
    for (const event of events) if (event.type === 'run.state' && isTerminal(event.to) && !isReceived(store, event.run)) exporter.add(event.run);
  });
  return {
    get stats() {
      return exporter.stats;
    },
    flush: () => exporter.flush(),
    [Symbol.asyncDispose]: async () => {
      listening[Symbol.dispose]();
      await exporter[Symbol.asyncDispose]();
      egress[Symbol.dispose]();
    },
  };
}

/** What other programs have sent here is not sent on: a collector that sends to us would get it back for ever. */
function isReceived(store: RunStore, run: string): boolean {
  return store.run(run).kind === 'trace';
}

/** A run that another one started is part of its trace. */
function lineageOf(store: RunStore, run: string, events: readonly JournalEvent[]): { readonly top: string; readonly step?: string } {
  const created = events.find((event) => event.type === 'run.created');
  const step = created?.type === 'run.created' ? created.parent?.step : undefined;
  let top = run;
  for (let above = store.run(run).parent; above !== undefined; above = store.run(above).parent) top = above;
  return { top, ...(step === undefined ? {} : { step }) };
}
