import { waitedMs, waitsAfter, type Waits } from '../shared/chat.ts';
import type { BudgetUse, ModelUse } from '../shared/conversation.ts';
import type { BudgetLimits, EventOf, JournalEvent, Mark } from '../shared/events.ts';
import { isTerminal } from '../shared/run-state.ts';
import { worstMark } from '../shared/worst-mark.ts';

/** Tokens and money of some events of a run. Without a price there is no money, which is not the same as none. */
export function modelUseOf(events: readonly JournalEvent[]): ModelUse {
  let [inputTokens, outputTokens, tokensMark]: [number, number, Mark] = [0, 0, 'measured'];
  let cost: { usd: number; mark: Mark } | undefined;
  for (const event of events.filter((each): each is EventOf<'meter'> => each.type === 'meter')) {
    if (event.meter === 'model.input_tokens') inputTokens += event.value;
    else if (event.meter === 'model.output_tokens') outputTokens += event.value;
    else if (event.meter === 'model.cost_usd') cost = { usd: (cost?.usd ?? 0) + event.value, mark: worstMark([cost?.mark ?? 'measured', event.mark]) };
    if (event.meter === 'model.input_tokens' || event.meter === 'model.output_tokens') tokensMark = worstMark([tokensMark, event.mark]);
  }
  return { inputTokens, outputTokens, tokensMark, ...(cost === undefined ? {} : { costUsd: cost.usd, costMark: cost.mark }) };
}

/** How much of each limit a run has used, as its journal tells it. `now` in milliseconds since 1970 counts for a run that goes on. */
export function budgetUseOf(events: readonly JournalEvent[], limits: BudgetLimits, now: number): readonly BudgetUse[] {
  const use = modelUseOf(events);
  const sum = (...meters: readonly string[]) => events.reduce((total, event) => (event.type === 'meter' && meters.includes(event.meter) ? total + event.value : total), 0);
  const states = events.filter((event): event is EventOf<'run.state'> => event.type === 'run.state');
  const began = states.find(({ to }) => to === 'running')?.at;
  const ended = states.findLast(({ to }) => isTerminal(to))?.at;
  const until = ended ?? now;
  const used: Readonly<Record<keyof BudgetLimits, number>> = {
    wallMs: began === undefined ? 0 : until - began - waitedMs(states.reduce<Waits>(waitsAfter, { overMs: 0 }), until),
    steps: events.filter(({ type }) => type === 'step.started').length,
    moneyUsd: use.costUsd ?? 0,
    tokens: use.inputTokens + use.outputTokens,
    browserSeconds: sum('browser.wall_ms') / 1000,
    egressBytes: sum('egress.bytes_in', 'egress.bytes_out'),
  };
  return (Object.keys(used) as readonly (keyof BudgetLimits)[]).map((kind) => ({ kind, used: used[kind], ...(limits[kind] === undefined ? {} : { limit: limits[kind] }) }));
}
