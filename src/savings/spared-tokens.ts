import type { SparedTokens } from '../shared/dto.ts';
import type { JournalEvent, StepKind } from '../shared/events.ts';
import type { StoredValue } from '../shared/json.ts';

/** As where a provider counts nothing. */
const charactersPerToken = 4;
/** Steps that are calls of tools; others only hold some. */
const callKinds: ReadonlySet<StepKind> = new Set(['tool', 'browser', 'mcp', 'http', 'workspace']);
/** The tool by which a model has a program of its own run. */
const codeTool = 'run_code';

/**
 * Tokens of results that a model's programs worked on and that it never saw itself. The baseline is an agent that calls each of these tools by itself and has each result in its
 * context once; that such an agent would send them again with each later turn, and the definitions of all tools with each, is not counted, since nothing on record says how many turns
 * it would have had. Counterfactual: nobody has run that agent.
 */
export function sparedTokens(events: readonly JournalEvent[]): SparedTokens | undefined {
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
  return results === 0 ? undefined : { tokens: tokens - shown, results, mark: 'estimated' };
}

/** Pictures and other bytes are left out: what a model takes for them depends on the model. */
function tokensOf(value: StoredValue): number {
  if ('json' in value) return Math.ceil(JSON.stringify(value.json).length / charactersPerToken);
  return /^text\/|json$/.test(value.mediaType) ? Math.ceil(value.bytes / charactersPerToken) : 0;
}
