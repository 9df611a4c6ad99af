import type { DatabaseSync } from 'node:sqlite';
import type { SessionSummary } from '../shared/conversation.ts';
import type { Page } from '../shared/dto.ts';
import type { Mark } from '../shared/events.ts';
import { worstMark } from '../shared/worst-mark.ts';
import type { RunState } from '../shared/run-state.ts';

export interface SessionQuery {
  readonly workspace?: string;
  readonly limit?: number;
  /** Go on after this one, as `Page.next` names it. */
  readonly after?: string;
  /** Only conversations with a run whose title holds this text, in any letter case. */
  readonly search?: string;
}

interface SessionRow {
  readonly session: string; readonly first: string; readonly last: string; readonly title: string; readonly state: string;
  readonly started: number; readonly updated: number; readonly cost: number; readonly marks: string; readonly runs: string;
}

/** The newest run decides the order: `after` is the id of such a run, so that a conversation that goes on meanwhile is not listed twice. */
const statement = `
  SELECT s.*, f.title AS title, l.state AS state FROM (
    SELECT session, MIN(id) AS first, MAX(id) AS last, MIN(created_at) AS started, MAX(COALESCE(ended_at, started_at, created_at)) AS updated,
      SUM(cost_usd) AS cost, group_concat(DISTINCT cost_mark) AS marks, group_concat(id, ' ') AS runs,
      MAX(instr(lower(title), lower(COALESCE(?2, ''))) > 0) AS found
    FROM runs WHERE session IS NOT NULL AND parent IS NULL AND (?1 IS NULL OR workspace = ?1) GROUP BY session
  ) s JOIN runs f ON f.id = s.first JOIN runs l ON l.id = s.last
  WHERE (?2 IS NULL OR s.found) AND (?3 IS NULL OR s.last < ?3) ORDER BY s.last DESC LIMIT ?4`;

export function listSessions(db: DatabaseSync, { workspace, search, after, limit = 50 }: SessionQuery): Page<SessionSummary> {
  const rows = db.prepare(statement).all(workspace ?? null, search ?? null, after ?? null, limit + 1) as unknown as SessionRow[];
  const items = rows.slice(0, limit).map((row): SessionSummary => ({
    id: row.session, title: row.title, runs: row.runs.split(' ').sort(), state: row.state as RunState, startedAt: row.started, updatedAt: row.updated,
    costUsd: row.cost, costMark: worstMark(row.marks.split(',') as Mark[]),
  }));
  const last = rows[limit - 1];
  return rows.length > limit && last ? { items, next: last.last } : { items };
}
