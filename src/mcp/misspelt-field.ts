/** Fields that other programs read from the same files: none of them is a slip of the keyboard, however near it is to one of ours. */
const ofOthers: ReadonlySet<string> = new Set(['auth', 'description', 'dev', 'gallery', 'id', 'name', 'timeout', 'tools', 'transport', 'transportType', 'trust', 'version']);

/** The field that somebody who wrote `key` most likely meant; undefined where it is one, or is like none. */
export function meantField(key: string, fields: readonly string[]): string | undefined {
  if (fields.includes(key) || ofOthers.has(key) || !/^[a-z]/i.test(key)) return undefined;
  const limit = key.length < 5 ? 1 : 2;
  const [best] = fields.map((field) => ({ field, slips: slips(plain(key), plain(field)) })).toSorted((a, b) => a.slips - b.slips);
  return best !== undefined && best.slips <= limit ? best.field : undefined;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Letters that are missing, too many, wrong, or in each other's place (optimal string alignment). */
function slips(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const [before = [], beforeThat = []] = [rows[i - 1], rows[i - 2]];
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? beforeThat[j - 2]! + 1 : Infinity;
      row.push(Math.min(before[j]! + 1, row[j - 1]! + 1, before[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1), swapped));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
