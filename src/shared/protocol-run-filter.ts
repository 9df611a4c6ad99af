import * as z from 'zod/mini';
import { runKinds } from './events.ts';
import { maybe, number, type Schema } from './protocol-parts.ts';
import type { RunFilter } from './run-filter.ts';
import { runStates } from './run-state.ts';
import { tagLimits } from './tags.ts';

export const words = z.string().check(z.maxLength(500));
export const tags = z.array(z.string().check(z.maxLength(1000))).check(z.maxLength(tagLimits.perRun));

const names = z.array(words).check(z.maxLength(100));

export const runFilter: Schema<RunFilter> = z.strictObject({
  states: maybe(z.array(z.enum(runStates))), kinds: maybe(z.array(z.enum(runKinds))), models: maybe(names), tools: maybe(names), tags: maybe(tags), session: maybe(words),
  minCostUsd: maybe(number), maxCostUsd: maybe(number), from: maybe(number), to: maybe(number), minMs: maybe(number),
});
