import { join } from 'node:path';
import * as vscode from 'vscode';
import { weakerIsolation } from '../../chains/functions/weaker-isolation.ts';
import { AssassinError } from '../../shared/errors.ts';
import type { Json, StoredValue } from '../../shared/json.ts';
import type { UndoPart } from '../../tools/undo-run.ts';
import type { RunStore } from '../../store/run-store.ts';
import { launch } from '../launch.ts';
import type { Services } from '../services.ts';
import { pickRun } from './pick-run.ts';
import { runIdOf } from './targets.ts';

export async function runAgainCommand(services: Services, target?: unknown): Promise<string | undefined> {
  const id = runIdOf(target) ?? (await pickRun(services, vscode.l10n.t('Run which one again?'), () => true));
  return id === undefined ? undefined : await runAgain(services, id);
}

/** Starts it once more with the input that it had; gives the new run's id. */
export async function runAgain(services: Services, id: string): Promise<string> {
  const { history } = services;
  const { kind, title, source, input, grants, workspace } = await history.detail(id);
  const value = await history.read((store) => wholeValue(store, input));
  switch (kind) {
    case 'chain':
      return launch(services, (runtime) => runtime.startChain(source, value));
    case 'function': {
      const at = source.lastIndexOf('#');
      // Neither a file nor a function: a single call of a tool, with what it was granted then, or putting files back.
      if (source.startsWith('undo ')) return launch(services, (runtime) => Promise.resolve(runtime.undo(source.slice('undo '.length), undoOptionsOf(value))));
      if (at < 0) return launch(services, (runtime) => runtime.startTool(source, value, { grants }));
      if (grants.includes('fn.serve')) return (await import('./serve-function.ts')).serve(services, { uri: vscode.Uri.file(join(workspace, source.slice(0, at))), name: source.slice(at + 1) });
      return launch(services, (runtime) => runtime.functions.start(source.slice(0, at), source.slice(at + 1), Array.isArray(value) ? value : { event: value }, { node: title.endsWith(weakerIsolation) }));
    }
    case 'task':
      return launch(services, (runtime) => runtime.tasks.again(id));
    case 'trace':
      throw new AssassinError('invalid-input', vscode.l10n.t('This was run by another program, which has only sent its trace.'), { hint: vscode.l10n.t('Run it there once more.') });
  }
}

/** What an earlier undo was told, of whichever version it was. */
function undoOptionsOf(input: Json): { readonly force: boolean; readonly part?: readonly UndoPart[] } {
  const { force, part } = (input ?? {}) as { readonly force?: unknown; readonly part?: readonly UndoPart[] };
  return { force: force === true, ...(Array.isArray(part) ? { part } : {}) };
}

/** A stored value with what lies in a blob written out. */
export async function wholeValue(store: RunStore, value: StoredValue): Promise<Json> {
  if ('json' in value) return value.json;
  return JSON.parse(new TextDecoder().decode(await store.blobs.read(value.blob))) as Json;
}
