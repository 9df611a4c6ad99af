import { weakerIsolation } from './chains/functions/weaker-isolation.ts';
import type { StartChainOptions } from './chains/chain-runner.ts';
import type { RunHandle } from './run/run-manager.ts';
import type { Runtime } from './runtime.ts';
import type { RunDetail } from './shared/dto.ts';
import { AssassinError } from './shared/errors.ts';
import type { Json } from './shared/json.ts';
import { wholeValue } from './store/whole-value.ts';
import type { UndoPart } from './tools/undo-run.ts';

type OptionsAgain = Pick<StartChainOptions, 'grants' | 'budget' | 'signal'>;

/**
 * Starts a run once more with the input that it had, and a deterministic one with the clock and the random numbers that it had. Its grants are those that it
 * declares and those of `options`; only a single call of a tool has those of the first time. Throws `invalid-input` for what another program ran, and for a
 * function that was served: where, and for how long, is for whoever serves it to say.
 */
export async function startAgain(runtime: Runtime, detail: RunDetail, options: OptionsAgain = {}): Promise<RunHandle> {
  const { kind, title, source, grants, fixed } = detail;
  const again: StartChainOptions = { ...options, ...(fixed === undefined ? {} : { deterministic: fixed }) };
  const input = await wholeValue(detail.input, (hash) => runtime.store.blobs.read(hash));
  switch (kind) {
    case 'chain':
      return runtime.startChain(source, input, again);
    case 'function': {
      const at = source.lastIndexOf('#');
      if (source.startsWith('undo ')) return runtime.undo(source.slice('undo '.length), undoOptionsOf(input));
      if (at < 0) return runtime.startTool(source, input, { ...again, title, grants: [...grants, ...(options.grants ?? [])] });
      if (grants.includes('fn.serve')) throw new AssassinError('invalid-input', `${title} was served, not run once.`, { hint: `Serve it again with "fn serve ${source}".` });
      return runtime.functions.start(source.slice(0, at), source.slice(at + 1), Array.isArray(input) ? input : { event: input }, { ...again, node: title.endsWith(weakerIsolation) });
    }
    case 'task':
      return runtime.tasks.again(detail.id);
    case 'trace':
      throw new AssassinError('invalid-input', 'This was run by another program, which has only sent its trace.', { hint: 'Run it there once more.' });
  }
}

/** What an earlier undo was told, of whichever version it was. */
function undoOptionsOf(input: Json): { readonly force: boolean; readonly part?: readonly UndoPart[] } {
  const { force, part } = (input ?? {}) as { readonly force?: unknown; readonly part?: readonly UndoPart[] };
  return { force: force === true, ...(Array.isArray(part) ? { part } : {}) };
}
