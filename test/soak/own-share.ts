import { Session, type Profiler } from 'node:inspector/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const sampleEveryMicroseconds = 5000;

/** The share of the time in which code under `folder` was at work in this process, or had called what was; by samples. */
export async function ownShareOf(folder: string, ms: number): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: sampleEveryMicroseconds });
    await session.post('Profiler.start');
    await sleep(ms);
    const { profile } = await session.post('Profiler.stop');
    return shareUnder(folder, profile);
  } finally {
    session.disconnect();
  }
}

function shareUnder(folder: string, { nodes, samples = [], timeDeltas = [] }: Profiler.Profile): number {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const own = new Set<number>();
  const mark = (id: number, inside: boolean) => {
    const node = byId.get(id);
    if (node === undefined) return;
    const within = inside || node.callFrame.url.includes(folder);
    if (within) own.add(id);
    for (const child of node.children ?? []) mark(child, within);
  };
  if (nodes[0] !== undefined) mark(nodes[0].id, false);
  const all = timeDeltas.reduce((sum, delta) => sum + delta, 0);
  return samples.reduce((sum, id, i) => sum + (own.has(id) ? timeDeltas[i]! : 0), 0) / all;
}
