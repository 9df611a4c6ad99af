import * as z from 'zod';
import type { JournalEvent } from '../../shared/events.ts';
import { mentionKinds, type SentContext } from '../../shared/mentions.ts';
import { contextStep } from '../opening.ts';

const schema = z.object({
  items: z.array(z.object({
    kind: z.enum([...mentionKinds, 'instructions', 'outline', 'image']), source: z.string(), tokens: z.number(), ofTokens: z.number(),
    from: z.number().exactOptional(), to: z.number().exactOptional(), problem: z.string().exactOptional(),
  })),
  tokens: z.number(),
  budgetTokens: z.number(),
});

/** What the first request of a task carried, from its record. `undefined` for runs without a model, and where it did not get that far. */
export async function sentContext(events: readonly JournalEvent[], readBlob: (hash: string) => Promise<Uint8Array>): Promise<SentContext | undefined> {
  const started = events.find((event) => event.type === 'step.started' && event.kind === 'workspace' && event.name === contextStep);
  if (started?.type !== 'step.started') return undefined;
  const ended = events.find((event) => event.type === 'step.ended' && event.step === started.step);
  if (ended?.type !== 'step.ended' || ended.output === undefined) return undefined;
  const json: unknown = 'json' in ended.output ? ended.output.json : JSON.parse(new TextDecoder().decode(await readBlob(ended.output.blob)));
  const parsed = z.safeParse(schema, json);
  return parsed.success ? parsed.data : undefined;
}
