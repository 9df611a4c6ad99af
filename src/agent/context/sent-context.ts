import * as z from 'zod';
import type { EventOf, JournalEvent } from '../../shared/events.ts';
import { mentionKinds, type SentContext } from '../../shared/mentions.ts';
import { wholeValue } from '../../store/whole-value.ts';
import { contextStep } from '../opening.ts';
import { instructionsStep } from './reached-places.ts';

const schema = z.object({
  items: z.array(z.object({
    kind: z.enum([...mentionKinds, 'instructions', 'outline', 'image']), source: z.string(), tokens: z.number(), ofTokens: z.number(),
    from: z.number().exactOptional(), to: z.number().exactOptional(), problem: z.string().exactOptional(),
  })),
  tokens: z.number(),
  budgetTokens: z.number(),
});

/**
 * What the first request of a task carried, and which instructions and mentions were told later, from its record. `undefined` for runs without a model, and where it did not
 * get that far. A task that goes on from another one has only what was told later.
 */
export async function sentContext(events: readonly JournalEvent[], readBlob: (hash: string) => Promise<Uint8Array>): Promise<SentContext | undefined> {
  const read = async (name: string) => {
    const steps = new Set(events.flatMap((event) => (event.type === 'step.started' && event.kind === 'workspace' && event.name === name ? [event.step] : [])));
    const ended = events.filter((event): event is EventOf<'step.ended'> => event.type === 'step.ended' && steps.has(event.step));
    return (await Promise.all(ended.map((event) => contextIn(event, readBlob)))).flatMap((sent) => sent ?? []);
  };
  const [[first, ...said], told] = await Promise.all([read(contextStep), read(instructionsStep)]);
  const later = [...said, ...told];
  if (first === undefined && later.length === 0) return undefined;
  const items = [...(first?.items ?? []), ...later.flatMap((sent) => sent.items.map((item) => ({ ...item, later: true as const })))];
  return { items, tokens: items.reduce((sum, { tokens }) => sum + tokens, 0), budgetTokens: first?.budgetTokens ?? 0 };
}

async function contextIn({ output }: EventOf<'step.ended'>, readBlob: (hash: string) => Promise<Uint8Array>): Promise<z.infer<typeof schema> | undefined> {
  if (output === undefined) return undefined;
  const parsed = z.safeParse(schema, await wholeValue(output, readBlob));
  return parsed.success ? parsed.data : undefined;
}
