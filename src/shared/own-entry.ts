/** What stands in a table under a name that somebody else has chosen: `constructor` and its like, which every object has, stand in none. */
export function ownEntry<V>(table: Readonly<Record<string, V>>, name: string): V | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
