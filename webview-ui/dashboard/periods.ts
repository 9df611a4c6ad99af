import type { BreakdownRow, UsageReport } from '../../src/shared/usage-report.ts';

const dayMs = 86_400_000;
/** More bars than this are a bar for each month. */
const mostDays = 100;

/** A day or a month of a chart; the row is absent where nothing was run. */
export interface Period {
  readonly name: string;
  readonly row?: BreakdownRow;
}

export interface Periods {
  readonly by: 'day' | 'month';
  /** Without gaps, oldest first. */
  readonly all: readonly Period[];
  /** Those in which something was run, oldest first. */
  readonly rows: readonly BreakdownRow[];
}

/** The time of a report without gaps, so that a pause is seen as one. Days are those of UTC. */
export function periodsOf({ byDay, byMonth, from }: Pick<UsageReport, 'byDay' | 'byMonth' | 'from'>, since: string | undefined, until: string): Periods {
  const first = since ?? from ?? until;
  const days = Math.round((Date.parse(until) - Date.parse(first)) / dayMs) + 1;
  if (days <= mostDays) {
    const names = Array.from({ length: Math.max(1, days) }, (_, i) => new Date(Date.parse(first) + i * dayMs).toISOString().slice(0, 10));
    return { by: 'day', all: filled(names, byDay), rows: byDay };
  }
  return { by: 'month', all: filled(monthsBetween(first.slice(0, 7), until.slice(0, 7)), byMonth), rows: byMonth };
}

function filled(names: readonly string[], rows: readonly BreakdownRow[]): readonly Period[] {
  const byName = new Map(rows.map((row) => [row.name, row]));
  return names.map((name) => {
    const row = byName.get(name);
    return row === undefined ? { name } : { name, row };
  });
}

function monthsBetween(first: string, last: string): readonly string[] {
  const names: string[] = [];
  for (let [year = 0, month = 1] = first.split('-').map(Number); ; month += 1) {
    if (month > 12) {
      year += 1;
      month = 1;
    }
    const name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
    if (name > last) return names;
    names.push(name);
  }
}
