import type { RunSummary, Span } from '../shared/dto.ts';
import type { EventOf, JournalEvent, Mark } from '../shared/events.ts';
import { isObject, type Json, type StoredValue } from '../shared/json.ts';
import type { SpanFacts } from '../shared/protocol-trace.ts';
import { wholeValue } from '../store/whole-value.ts';
import { leastSure } from './model-use.ts';
import { otelNaming } from './otel-names.ts';
import { spanAttributes } from './otlp/otel-span.ts';
import { usageByStep } from './otlp/usage-attributes.ts';
import { placeOf } from './place-of.ts';

const textLimit = 2000;
const mostAttributes = 200;

/** What is known of one step beside its values, under the names that other programs of this kind use. `readBlob` gives what lies beside the journal. */
export async function spanFacts(run: RunSummary, span: Span, events: readonly JournalEvent[], readBlob: (hash: string) => Promise<Uint8Array>): Promise<SpanFacts> {
  const received = events.find((event): event is EventOf<'span.received'> => event.type === 'span.received' && event.span === span.id);
  const meters = events.filter((event): event is EventOf<'meter'> => event.type === 'meter' && event.step === span.id);
  const naming = otelNaming(span.kind);
  const own = received ? await attributesIn(received.attributes, readBlob) : { ...spanAttributes(span), ...usageByStep(meters).get(span.id) };
  const attributes: Readonly<Record<string, Json>> = {
    ...own,
    ...(received?.scope ? { 'otel.scope.name': received.scope.name, 'otel.scope.version': received.scope.version } : {}),
    ...(run.session === undefined ? {} : { 'gen_ai.conversation.id': run.session }),
  };
  const place = placeOf(span, run, attributes);
  const sum = (meter: EventOf<'meter'>['meter']) => meters.filter((event) => event.meter === meter).reduce((total, { value }) => total + value, 0);
  const costs = meters.filter(({ meter }) => meter === 'model.cost_usd');
  const [input, output, cached] = [sum('model.input_tokens'), sum('model.output_tokens'), sum('model.cached_input_tokens')];
  const asked = input + output > 0;
  return {
    attributes: Object.entries(attributes).slice(0, mostAttributes).map(([name, value]) => [name, clip(typeof value === 'string' ? value : JSON.stringify(value))]),
    inputName: received?.input?.name ?? naming.inputAttribute,
    outputName: received?.output?.name ?? naming.outputAttribute,
    ...(asked ? { tokens: { input, output, ...(cached > 0 ? { cached } : {}) } } : {}),
    ...(costs.length === 0 ? (asked ? { cost: { usd: 0, mark: 'unknown' as const } } : {}) : { cost: { usd: sum('model.cost_usd'), mark: costs.reduce<Mark | undefined>((mark, each) => leastSure(mark, each.mark), undefined) ?? 'unknown' } }),
    ...(place === undefined ? {} : { place }),
  };
}

async function attributesIn(stored: StoredValue, readBlob: (hash: string) => Promise<Uint8Array>): Promise<Readonly<Record<string, Json>>> {
  const json = await wholeValue(stored, readBlob);
  return isObject(json) ? json : {};
}

const clip = (text: string) => (text.length <= textLimit ? text : `${text.slice(0, textLimit)}…`);
