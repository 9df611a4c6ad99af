import { treeBillOf, type RunBelow } from '../savings/tree-bill.ts';
import type { Bill } from '../shared/dto.ts';
import { descendantsOf } from '../store/descendants.ts';
import type { PanelHistory } from './panel-ports.ts';

/** The bill of a run with all that it started, from what is on record. */
export async function billWithin(history: Pick<PanelHistory, 'read' | 'events'>, run: string): Promise<Bill> {
  const runs = await history.read((store) => descendantsOf(run, (id) => store.children(id)));
  const below: RunBelow[] = [];
  for (const child of runs) below.push({ run: child, events: await history.events(child.id) });
  return treeBillOf(run, await history.events(run), below);
}
