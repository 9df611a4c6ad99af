export interface Row {
  readonly bench: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer: number;
  readonly peerName: string;
  readonly ratio: number;
  readonly n: number;
  /** The most that the ratio may be. */
  readonly target?: number;
}

/** One thing that is done by several. */
export interface Contender {
  readonly name: string;
  readonly work: () => Promise<unknown>;
  /** So often in a row when its turn comes; once where nothing is said. */
  readonly times?: number;
}

/**
 * Milliseconds of each time by name, in turns, so that a busy machine slows all of them. Each round has an order of its own: whoever comes behind a process that has just
 * ended finds caches that are another's, and pays more than half as much again. `warmups` rounds ahead do not count.
 */
export async function inTurns(contenders: readonly Contender[], rounds: number, warmups: number): Promise<ReadonlyMap<string, readonly number[]>> {
  const times = new Map(contenders.map(({ name }): [string, number[]] => [name, []]));
  const random = numbers();
  for (let round = -warmups; round < rounds; round++) {
    for (const { name, work, times: inARow = 1 } of shuffled(contenders, random)) {
      for (let i = 0; i < inARow; i++) {
        const ms = await timed(work);
        if (round >= 0) times.get(name)!.push(ms);
      }
    }
  }
  return times;
}

/** Numbers from 0 to 1, the same ones each time. */
function numbers(): () => number {
  let seed = 20_261_123;
  return () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
}

function shuffled<T>(list: readonly T[], random: () => number): readonly T[] {
  return list.map((item) => ({ item, at: random() })).sort((a, b) => a.at - b.at).map(({ item }) => item);
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}

export const median = (values: readonly number[]) => percentile(values, 0.5);

export interface Comparison {
  readonly bench: string;
  readonly unit: string;
  readonly ours: readonly number[];
  readonly peer: readonly number[];
  readonly peerName: string;
  readonly target?: number;
}

/** Medians beside each other. */
export function compare({ ours, peer, target, ...names }: Comparison): Row {
  const [a, b] = [median(ours), median(peer)];
  return { ...names, ours: a, peer: b, ratio: a / b, n: peer.length, ...(target === undefined ? {} : { target }) };
}
