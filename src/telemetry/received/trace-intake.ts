import type { Redactor } from '../../policy/redact.ts';
import { Journal } from '../../run/journal.ts';
import type { EventBody } from '../../shared/events.ts';
import { newId } from '../../shared/ids.ts';
import type { Json } from '../../shared/json.ts';
import type { HostIdentity } from '../../store/host-identity.ts';
import type { RunStore } from '../../store/run-store.ts';
import { meaningOf, type SpanMeaning } from './dialects.ts';
import { isWhole, type ReceivedSpan } from './received-span.ts';
import { priceOf, type ReceivedPrices } from './received-price.ts';
import { metersOf } from './received-usage.ts';

export interface TraceIntakeOptions {
  readonly store: RunStore;
  readonly workspace: string;
  readonly host: HostIdentity;
  readonly redactor: Redactor;
  readonly version: string;
  /** For requests of which the program names no cost; loaded when the first spans come. Without them such requests are unpriced. */
  readonly prices?: () => Promise<ReceivedPrices>;
}

interface OpenTrace {
  readonly run: string;
  readonly spans: Set<string>;
  /** What begins its record, until that is on disk: it goes there with the first spans. */
  beginning: ((journal: Journal) => readonly EventBody[]) | undefined;
  touchedAt: number;
  ended: boolean;
}

/** Spans of one trace that are recorded at once. */
interface Part {
  readonly trace: string;
  readonly list: readonly ReceivedSpan[];
}

/** Traces whose spans are held in memory to know which have come already; of others they are read from the record. */
const maxOpen = 500;
/** Spans in one transaction: a few milliseconds. */
const atOnce = 64;
/** A trace whose top never comes has ended when it has been silent for this long. */
const silentMs = 60_000;

/** Records the spans of other programs, each trace as a run. A span that is sent twice is recorded once. */
export class TraceIntake {
  readonly #options: TraceIntakeOptions;
  readonly #open = new Map<string, OpenTrace>();
  #prices: ReceivedPrices | undefined;

  constructor(options: TraceIntakeOptions) {
    this.#options = options;
  }

  /** All are on disk when it resolves. Gives how many were none, and were left out. Throws `store-*`. */
  async take(spans: readonly ReceivedSpan[]): Promise<{ readonly taken: number; readonly refused: number }> {
    this.#prices ??= await this.#options.prices?.();
    const byTrace = new Map<string, ReceivedSpan[]>();
    for (const span of spans) {
      if (!isWhole(span)) continue;
      const list = byTrace.get(span.traceId);
      if (list) list.push(span);
      else byTrace.set(span.traceId, [span]);
    }
    const parts = [...byTrace].flatMap(([trace, list]) => Array.from({ length: Math.ceil(list.length / atOnce) }, (_, i): Part => ({ trace, list: list.slice(i * atOnce, (i + 1) * atOnce) })));
    let taken = 0;
    for (let from = 0; from < parts.length; ) {
      const group: Part[] = [];
      let count = 0;
      for (; from < parts.length && (count === 0 || count + parts[from]!.list.length <= atOnce); from++) {
        group.push(parts[from]!);
        count += parts[from]!.list.length;
      }
      this.#recordAll(group);
      taken += count;
      await new Promise((resolve) => { setImmediate(resolve); });
    }
    return { taken, refused: spans.length - taken };
  }

  /** Small traces come by the dozen, and a transaction for each would be half of what they cost. */
  #recordAll(parts: readonly Part[]): void {
    const [only, ...others] = parts;
    if (only !== undefined && others.length === 0) return this.#record(only);
    try {
      this.#options.store.together(() => {
        for (const part of parts) this.#record(part);
      });
    } catch {
      // Nothing of them is on disk. One of them may be what another receiver records just now: each by itself is looked up again.
      for (const { trace } of parts) this.#open.delete(trace);
      for (const part of parts) this.#record(part);
    }
  }

  /** Ends traces that have been silent; all that are open with `all`. */
  endSilent(all = false, now: number = Date.now()): void {
    for (const [trace, open] of this.#open) {
      if (!all && now - open.touchedAt < silentMs) continue;
      if (!open.ended && open.beginning === undefined) this.#append(open.run, () => [{ type: 'run.state', from: 'running', to: 'done' }]);
      this.#open.delete(trace);
    }
  }

  #record({ trace, list }: Part): void {
    const open = this.#opened(trace, list);
    const fresh = list.filter(({ spanId }, i) => !open.spans.has(spanId) && list.findIndex((other) => other.spanId === spanId) === i);
    open.touchedAt = Date.now();
    if (fresh.length === 0) return;
    const top = fresh.find(({ parentSpanId }) => parentSpanId === undefined);
    const ends = !open.ended && top !== undefined;
    const { beginning } = open;
    try {
      this.#append(open.run, (journal) => [...(beginning?.(journal) ?? []), ...bodiesOf(fresh, top, ends, journal, this.#prices)], beginning !== undefined);
    } catch (error) {
      // Another receiver may have begun this trace meanwhile: the next attempt looks for its record.
      if (beginning !== undefined) this.#open.delete(trace);
      throw error;
    }
    open.beginning = undefined;
    for (const { spanId } of fresh) open.spans.add(spanId);
    open.ended ||= ends;
  }

  #opened(trace: string, list: readonly ReceivedSpan[]): OpenTrace {
    const { store, workspace, host, version } = this.#options;
    const held = this.#open.get(trace);
    if (held !== undefined) return held;
    for (const [other, { ended }] of this.#open) {
      if (this.#open.size < maxOpen) break;
      if (ended) this.#open.delete(other);
    }
    const known = store.traces.runOf(workspace, trace);
    const { resource } = list[0]!;
    const service = String(resource['service.name'] ?? 'unknown service');
    const open: OpenTrace = known === undefined ? {
      run: newId('run'), spans: new Set(), touchedAt: Date.now(), ended: false,
      beginning: (journal) => [
        { type: 'run.created', kind: 'trace', title: `Trace ${trace.slice(0, 8)}`, source: service, workspace, input: { json: { trace } }, grants: [], budget: {}, host, version },
        { type: 'run.state', from: 'queued', to: 'running' },
        { type: 'trace.received', trace, workspace, service, resource: journal.value(resource) },
      ],
    } : { run: known.run, spans: new Set(known.spans), touchedAt: Date.now(), ended: store.run(known.run).endedAt !== undefined, beginning: undefined };
    this.#open.set(trace, open);
    return open;
  }

  /** Another receiver may write into the same run: its number is looked up, and looked up again where it was taken meanwhile. */
  #append(run: string, bodies: (journal: Journal) => readonly EventBody[], fresh = false): void {
    const { store, host, redactor } = this.#options;
    for (let attempt = 0; ; attempt++) {
      const seq = fresh ? 0 : store.run(run).events;
      const journal = new Journal({ run, store, host, redactor, seq });
      try {
        return journal.append(...bodies(journal));
      } catch (error) {
        if (fresh || attempt >= 5 || store.run(run).events === seq) throw error;
      }
    }
  }
}

function bodiesOf(spans: readonly ReceivedSpan[], top: ReceivedSpan | undefined, ends: boolean, journal: Journal, prices: ReceivedPrices | undefined): readonly EventBody[] {
  const meanings = spans.map((span) => meaningOf(span));
  const steps = spans.map((span, i) => stepOf(span, meanings[i]!, journal));
  const title = meanings.find(({ traceName }) => traceName !== undefined)?.traceName ?? top?.name;
  const session = meanings.find((meaning) => meaning.session !== undefined)?.session;
  const tags = [...new Set(meanings.flatMap((meaning) => meaning.tags))];
  return [
    ...steps,
    ...spans.flatMap((span, i) => pricedMeters(span, meanings[i]!, prices)),
    {
      type: 'trace.grown', spans: spans.length, bytes: steps.reduce((sum, step) => sum + JSON.stringify(step).length, 0),
      from: Math.floor(Math.min(...spans.map(({ startedAt }) => startedAt))), to: Math.ceil(Math.max(...spans.map(({ endedAt }) => endedAt))),
      ...(title === undefined ? {} : { title: title.slice(0, 500) }), ...(session === undefined ? {} : { session: session.slice(0, 200) }),
    },
    ...(tags.length === 0 ? [] : [{ type: 'run.tagged', add: tags.slice(0, 50).map((tag) => tag.slice(0, 100)), remove: [], by: 'program' } as const]),
    ...(!ends || top === undefined ? [] : [top.status.code === 2
      ? { type: 'run.state', from: 'running', to: 'failed', error: { code: 'tool-failed', message: top.status.message || `${top.name} has failed.` } } as const
      : { type: 'run.state', from: 'running', to: 'done' } as const]),
  ];
}

function pricedMeters({ spanId, attributes, startedAt }: ReceivedSpan, { usage, model }: SpanMeaning, prices: ReceivedPrices | undefined): readonly EventBody[] {
  return metersOf(spanId, usage, prices === undefined || usage.costUsd !== undefined ? undefined : priceOf(prices, model, usage, attributes, startedAt));
}

const statuses = ['unset', 'ok', 'error'] as const;

function stepOf(span: ReceivedSpan, { kind, inputKey, outputKey, model }: SpanMeaning, journal: Journal): Extract<EventBody, { type: 'span.received' }> {
  const attributes = Object.fromEntries(Object.entries(span.attributes).filter(([key]) => key !== inputKey && key !== outputKey));
  const held = (key: string | undefined) => (key === undefined ? undefined : { name: key, value: journal.value(span.attributes[key] ?? null) });
  const [input, output] = [held(inputKey), held(outputKey)];
  return {
    type: 'span.received', span: span.spanId, kind, name: span.name.slice(0, 1000), startedAt: span.startedAt, ms: span.endedAt - span.startedAt, status: statuses[span.status.code] ?? 'unset',
    ...(span.kind === 0 ? {} : { spanKind: span.kind }), ...(span.parentSpanId === undefined ? {} : { parent: span.parentSpanId }), ...(span.status.message === '' ? {} : { message: span.status.message }), ...(model === undefined ? {} : { model }),
    ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }),
    attributes: journal.value(attributes),
    ...(span.events.length === 0 ? {} : { moments: journal.value(span.events as unknown as Json) }), ...(span.links.length === 0 ? {} : { links: journal.value(span.links as unknown as Json) }),
    ...(span.scope.name === '' ? {} : { scope: span.scope }),
  };
}
