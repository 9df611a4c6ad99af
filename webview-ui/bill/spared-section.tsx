import * as l10n from '@vscode/l10n';
import type { SparedDefinitions, SparedTokens } from '../../src/shared/dto.ts';
import { definitionTokens } from '../../src/shared/spared-definitions.ts';
import { count } from '../format.ts';

/** What a model did not have to read, each figure with the arithmetic behind it. */
export function SparedSection({ spared, ended }: { readonly spared: SparedTokens; readonly ended: boolean }) {
  const { tokens, results, definitions, unrecorded } = spared;
  // Programs that gave back more than they worked on have kept nothing out.
  if (tokens <= 0 && definitions.length === 0 && unrecorded === 0) return null;
  return (
    <section class="section">
      <h2>{l10n.t('Kept out of the context')}</h2>
      {definitions.length > 0 && <p>{l10n.t('About {0} tokens of definitions of tools.', count(definitionTokens(definitions)))}</p>}
      {definitions.map((run, index) => <p key={index} class="formula">{formula(run)}</p>)}
      {tokens > 0 && <p>{l10n.t('About {0} tokens of results of tools that its programs called ({1}), without what they gave back.', count(tokens), count(results))}</p>}
      {unrecorded > 0 && <p>{ended ? l10n.t('Definitions of tools: not recorded.') : l10n.t('Definitions of tools are counted when the run has ended.')}</p>}
      <p class="hint">{l10n.t('Counterfactual and estimated at four characters a token: against an agent that is told of every connected tool with each request, and has each result in its context once. Not part of the saving.')}</p>
    </section>
  );
}

function formula({ tools, tokens, toldTools, toldTokens, requests }: SparedDefinitions): string {
  return `${l10n.t('({0} of {1} connected tools − {2} of the {3} that it was told of) × {4} (requests)', count(tokens), count(tools), count(toldTokens), count(toldTools), count(requests))} = ${count((tokens - toldTokens) * requests)}`;
}
