import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { DiffLines } from '../chat/diff-lines.tsx';
import { Notice } from '../parts/notice.tsx';
import { CompareModel } from '../state/compare-model.ts';
import { useSession } from '../state/use-session.ts';
import { visible } from '../text.ts';
import { CompareFacts } from './compare-facts.tsx';
import { CompareRows } from './compare-rows.tsx';

/** Two runs side by side: what they used, what they gave, and step by step what is different. */
export function CompareView() {
  const session = useSession();
  const pair = session.pair.value;
  const model = useMemo(() => (pair === undefined ? undefined : new CompareModel(session.client, pair)), [pair?.a, pair?.b]);
  const resultsOpen = useSignal(true);
  useEffect(() => {
    void model?.load();
  }, [model]);
  if (model === undefined) return <p class="message hint">{l10n.t('Choose two runs in the history.')}</p>;
  const page = model.page.value;
  const results = model.results.value;
  return (
    <div class="compare">
      <div class="compare-top">
        <h1 class="visually-hidden">{l10n.t('Two runs compared')}</h1>
        {model.problem.value && <Notice tone="bad" icon="cross"><p>{visible(model.problem.value.message)}</p>{model.problem.value.hint !== undefined && <p class="hint">{visible(model.problem.value.hint)}</p>}</Notice>}
        {page === undefined && model.problem.value === undefined && <p class="hint" aria-busy="true">{l10n.t('Comparing…')}</p>}
        {page && <CompareFacts page={page} />}
        {page?.sameResult === true && <p>{l10n.t('Both gave the same result.')}</p>}
        {results && (
          <details open={resultsOpen.value} onToggle={(event) => (resultsOpen.value = event.currentTarget.open)}>
            <summary><h2>{l10n.t('Difference of the results (+{0} −{1})', results.added, results.removed)}</h2></summary>
            {results.problem === undefined ? <DiffLines lines={results.lines} label={l10n.t('Changed lines of the result')} /> : <p class="hint">{visible(results.problem)}</p>}
          </details>
        )}
      </div>
      {page && (
        <div class="section-head compare-steps">
          <h2>{l10n.t('Steps')}</h2>
          <span class="hint" role="status">{page.different === 0 ? l10n.t('No step is different.') : page.different === 1 ? l10n.t('1 step is different.') : l10n.t('{0} steps are different.', page.different)}</span>
          <label class="pick"><input type="checkbox" checked={model.onlyDifferent.value} onChange={(event) => session.attempt(model.show(event.currentTarget.checked))} /> {l10n.t('Only what is different')}</label>
        </div>
      )}
      {page && <CompareRows model={model} />}
    </div>
  );
}
