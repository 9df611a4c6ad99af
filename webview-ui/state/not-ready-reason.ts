import * as l10n from '@vscode/l10n';
import type { ModelChoice } from '../../src/shared/protocol-chat.ts';
import { modelWays, type SetupWay } from '../../src/shared/setup-ways.ts';

/** Why no task can be started now, in words, and the ways out; `undefined` where one can. */
export function reasonOf({ blocked, none }: ModelChoice): { readonly text: string; readonly ways: readonly SetupWay[] } | undefined {
  if (blocked === 'untrusted') return { text: l10n.t('This folder is in Restricted Mode, so nothing is run here. What is on record can be read. Trust the folder to give it tasks.'), ways: ['trust'] };
  if (blocked === 'no-folder') return { text: l10n.t('No folder is open. A task works on the files of a folder: open one first.'), ways: ['folder'] };
  if (blocked === 'settings') return { text: l10n.t('A setting is wrong, so nothing new is run. What is on record can be read.'), ways: ['settings'] };
  if (none) return { text: l10n.t('No model is connected, and a task needs one. Ollama on this computer is found by itself. Chains work without a model.'), ways: modelWays };
  return undefined;
}
