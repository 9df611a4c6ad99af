import type { RunSummary } from '../shared/dto.ts';
import type { ErrorInfo } from '../shared/errors.ts';
import type { Mark, RunKind, RunOrigin } from '../shared/events.ts';
import type { RunState } from '../shared/run-state.ts';

/** The line of a run as its table holds it. */
export interface RunRow {
  readonly id: string; readonly kind: string; readonly title: string; readonly source: string; readonly workspace: string; readonly state: string;
  readonly created_at: number; readonly started_at: number | null; readonly ended_at: number | null; readonly steps: number; readonly events: number;
  readonly cost_usd: number; readonly cost_mark: string; readonly error: string | null; readonly parent: string | null;
  readonly session: string | null; readonly origin: string | null;
}

export function toSummary(row: RunRow): RunSummary {
  const endedAt = row.ended_at ?? undefined;
  const startedAt = row.started_at ?? undefined;
  return {
    id: row.id, kind: row.kind as RunKind, title: row.title, source: row.source, workspace: row.workspace, state: row.state as RunState,
    createdAt: row.created_at, steps: row.steps, events: row.events, costUsd: row.cost_usd, costMark: row.cost_mark as Mark,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(startedAt === undefined || endedAt === undefined ? {} : { durationMs: endedAt - startedAt }),
    ...(row.parent === null ? {} : { parent: row.parent }),
    ...(row.session === null ? {} : { session: row.session }),
    ...(row.origin === null ? {} : { origin: JSON.parse(row.origin) as RunOrigin }),
    ...(row.error === null ? {} : { error: JSON.parse(row.error) as ErrorInfo }),
  };
}
