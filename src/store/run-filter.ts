import type { RunFilter } from '../shared/run-filter.ts';

export type SqlValue = string | number | null;
/** A condition, the name of the value in it, and the value; one without a value is left out. */
export type Condition = readonly [sql: string, name: string, value: SqlValue | undefined];

export interface Conditions {
  /** To stand after `WHERE`; the runs are `r` there. */
  readonly sql: string;
  readonly values: Readonly<Record<string, SqlValue>>;
}

const named = (kind: 'model' | 'tool') => `EXISTS (SELECT 1 FROM run_names n, json_each(:${kind}s) j WHERE n.run = r.id AND n.kind = '${kind}' AND instr(lower(n.name), lower(j.value)) > 0)`;
const listed = (values: readonly string[] | undefined) => (values === undefined || values.length === 0 ? undefined : JSON.stringify(values));

/** The filter as SQL, with `more` conditions beside it. Every value is bound, never written into the text. */
export function conditionsOf(filter: RunFilter, more: readonly Condition[] = []): Conditions {
  const conditions: readonly Condition[] = [
    ...more,
    ['r.state IN (SELECT value FROM json_each(:states))', 'states', listed(filter.states)],
    ['r.kind IN (SELECT value FROM json_each(:kinds))', 'kinds', listed(filter.kinds)],
    [named('model'), 'models', listed(filter.models)],
    [named('tool'), 'tools', listed(filter.tools)],
    ['NOT EXISTS (SELECT 1 FROM json_each(:tags) j WHERE NOT EXISTS (SELECT 1 FROM run_tags t WHERE t.run = r.id AND t.tag = j.value))', 'tags', listed(filter.tags)],
    ['r.session = :session', 'session', filter.session],
    ["(r.cost_mark <> 'unknown' AND r.cost_usd >= :minCostUsd)", 'minCostUsd', filter.minCostUsd],
    ["(r.cost_mark <> 'unknown' AND r.cost_usd <= :maxCostUsd)", 'maxCostUsd', filter.maxCostUsd],
    ['r.created_at >= :from', 'from', filter.from],
    ['r.created_at < :to', 'to', filter.to],
    ['(r.ended_at - r.started_at) >= :minMs', 'minMs', filter.minMs],
  ];
  const given = conditions.flatMap(([sql, name, value]) => (value === undefined ? [] : [{ sql, name, value }]));
  return { sql: ['TRUE', ...given.map(({ sql }) => sql)].join(' AND '), values: Object.fromEntries(given.map(({ name, value }) => [name, value])) };
}
