import type { SparedTokens } from '../shared/dto.ts';
import { callKinds, type EventOf, type JournalEvent } from '../shared/events.ts';
import type { StoredValue } from '../shared/json.ts';
import { tokensIn } from '../shared/token-estimate.ts';

/** The tool by which a model has a program of its own run. */
const codeTool = 'run_code';
/** A step that holds one request to the model, and what followed from it. */
const turnName = /^Turn \d+$/;

/**
 * Tokens that a model did not have to read. The baseline is an agent that is told of every connected tool with each request, calls each tool by itself and has each result in its context:
 * the definitions count with each request that was made, results once, since nothing on record says how many turns such an agent would have had. Counterfactual: nobody has run
 * that agent. `undefined` where no model was asked in turns and no program of one called a tool.
 */
export function sparedTokens(events: readonly JournalEvent[]): SparedTokens | undefined {
  const { definitions, unrecorded } = sparedDefinitions(events);
  const { tokens, results } = sparedResults(events);
  return results === 0 && definitions.length === 0 && unrecorded === 0 ? undefined : { tokens, results, definitions, unrecorded, mark: 'estimated' };
}

/** Of each run that asked a model in turns: what it recorded of its tools, times its requests. */
function sparedDefinitions(events: readonly JournalEvent[]): Pick<SparedTokens, 'definitions' | 'unrecorded'> {
  const turns = new Set<string>();
  const requests = new Map<string, number>();
  const known = new Map<string, EventOf<'tools.known'>>();
  for (const event of events) {
    if (event.type === 'tools.known') known.set(event.run, event);
    else if (event.type === 'step.started' && event.kind === 'agent' && turnName.test(event.name)) turns.add(`${event.run} ${event.step}`);
    else if (event.type === 'step.started' && event.kind === 'model' && turns.has(`${event.run} ${event.parent ?? ''}`)) requests.set(event.run, (requests.get(event.run) ?? 0) + 1);
  }
  const recorded = [...requests].flatMap(([run, count]) => {
    const event = known.get(run);
    return event === undefined ? [] : [{ tools: event.tools, tokens: event.tokens, toldTools: event.toldTools, toldTokens: event.toldTokens, requests: count }];
  });
  return { definitions: recorded, unrecorded: requests.size - recorded.length };
}

/** What programs of a model worked on and it never saw itself, minus what they gave back. */
function sparedResults(events: readonly JournalEvent[]): Pick<SparedTokens, 'tokens' | 'results'> {
  /** Programs, what only holds the calls of one, and the calls themselves, by run and step. What a tool does inside belongs to its result. */
  const programs = new Set<string>();
  const holders = new Set<string>();
  const calls = new Set<string>();
  let [tokens, results, shown] = [0, 0, 0];
  for (const event of events) {
    if (event.type === 'step.started') {
      const parent = `${event.run} ${event.parent ?? ''}`;
      const key = `${event.run} ${event.step}`;
      if (programs.has(parent) || holders.has(parent)) (callKinds.has(event.kind) ? calls : holders).add(key);
      else if (event.name === codeTool) programs.add(key);
    } else if (event.type === 'step.ended' && event.output !== undefined && event.status === 'ok') {
      const key = `${event.run} ${event.step}`;
      if (programs.has(key)) shown += tokensOf(event.output);
      else if (calls.has(key)) {
        tokens += tokensOf(event.output);
        results += 1;
      }
    }
  }
  return results === 0 ? { tokens: 0, results } : { tokens: tokens - shown, results };
}

/** Pictures and other bytes are left out: what a model takes for them depends on the model. */
function tokensOf(value: StoredValue): number {
  if ('json' in value) return tokensIn(JSON.stringify(value.json).length);
  return /^text\/|json$/.test(value.mediaType) ? tokensIn(value.bytes) : 0;
}
