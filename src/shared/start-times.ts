/** The product's own marks on the platform's timeline, which other programs of the same process write on too. */
const prefix = 'infrastructure-assassin: ';

/** Notes what began at `start` (as of `performance.now`) and has just ended. */
export function noteStart(name: string, start: number): void {
  performance.measure(prefix + name, { start });
}

/** Everything that was noted, in its order, in milliseconds. */
export function startTimes(): readonly { readonly name: string; readonly ms: number }[] {
  return performance.getEntriesByType('measure').filter(({ name }) => name.startsWith(prefix)).map(({ name, duration }) => ({ name: name.slice(prefix.length), ms: duration }));
}
