import type { JournalEvent, MeterName } from '../../shared/events.ts';
import { ownPrefix } from '../otel-names.ts';

/** Names of the conventions for generative AI; the cost has none there, and stands under the name that Langfuse reads. */
const names: Readonly<Partial<Record<MeterName, string>>> = {
  'model.input_tokens': 'gen_ai.usage.input_tokens',
  'model.output_tokens': 'gen_ai.usage.output_tokens',
  'model.cached_input_tokens': 'gen_ai.usage.cache_read.input_tokens',
  'model.cache_write_tokens': 'gen_ai.usage.cache_creation.input_tokens',
  'model.reasoning_tokens': `${ownPrefix}.usage.reasoning_tokens`,
  'model.cost_usd': 'gen_ai.usage.cost',
};

/** What the models of each step used, as attributes of its span. An unknown price is left out and not written as 0. */
export function usageByStep(events: readonly JournalEvent[]): ReadonlyMap<string, Readonly<Record<string, number>>> {
  const byStep = new Map<string, Record<string, number>>();
  for (const event of events) {
    if (event.type !== 'meter' || event.step === undefined) continue;
    const name = names[event.meter];
    if (name === undefined || (event.meter === 'model.cost_usd' && event.mark === 'unknown')) continue;
    const usage = byStep.get(event.step) ?? {};
    usage[name] = (usage[name] ?? 0) + event.value;
    byStep.set(event.step, usage);
  }
  return byStep;
}
