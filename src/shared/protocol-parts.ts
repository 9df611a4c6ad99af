import * as z from 'zod/mini';
import type { Picture } from './chat.ts';
import type { RunSummary } from './dto.ts';
import { errorCodes, type ErrorInfo, type SourceLocation } from './errors.ts';
import { runKinds, runOriginKinds, type Mark, type StepStatus } from './events.ts';
import type { StoredValue } from './json.ts';
import { runStates } from './run-state.ts';

/** Pieces that the schemas of the panel's messages have in common. */
export type Schema<T> = z.ZodMiniType<T>;

export const text = z.string();
export const number = z.number();
export const flag = z.boolean();
export const index = z.int().check(z.nonnegative());
export const pageSize = (most: number) => z.int().check(z.positive(), z.maximum(most));
export const id = z.string().check(z.minLength(1), z.maxLength(100));
export const run = id;
export const maybe = z.optional;

export const mark = z.enum(['measured', 'billed', 'computed', 'estimated', 'unknown'] satisfies Mark[]);
export const status = z.enum(['ok', 'error', 'denied', 'cancelled', 'running', 'unknown'] satisfies (StepStatus | 'running' | 'unknown')[]);
export const state = z.enum(runStates);

export const location: Schema<SourceLocation> = z.object({ file: text, line: index, column: index });
export const errorInfo: Schema<ErrorInfo> = z.object({
  code: z.enum(errorCodes), message: text, hint: maybe(text), location: maybe(location), data: maybe(z.record(z.string(), z.unknown())),
});
/** A picture in the store, by its name there. */
export const picture: Schema<Picture> = z.object({ blob: text, bytes: index, mediaType: text });
export const stored: Schema<StoredValue> = z.union([
  z.object({ json: z.json() }),
  z.object({ blob: text, bytes: index, mediaType: text, preview: text }),
]);

export const summaryFields = {
  id, kind: z.enum(runKinds), title: text, source: text, workspace: text, state,
  createdAt: number, startedAt: maybe(number), endedAt: maybe(number), durationMs: maybe(number),
  steps: index, events: index, costUsd: number, costMark: mark, error: maybe(errorInfo), parent: maybe(id), session: maybe(text), origin: maybe(z.object({ kind: z.enum(runOriginKinds), run: id, turn: maybe(index) })),
};
export const summary: Schema<RunSummary> = z.object(summaryFields);
