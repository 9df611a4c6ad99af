import * as l10n from '@vscode/l10n';
import { useEffect, useMemo } from 'preact/hooks';
import { isTerminal } from '../../src/shared/run-state.ts';
import { count } from '../format.ts';
import { Notice } from '../parts/notice.tsx';
import { useSession } from '../state/use-session.ts';
import { visible } from '../text.ts';
import { Breakdown } from './breakdown.tsx';
import { Controls, Team } from './controls.tsx';
import { PeriodCharts } from './period-charts.tsx';
import { ServicesTable } from './services-table.tsx';
import { Summary } from './summary.tsx';
import { TopRuns } from './top-runs.tsx';
import { UsageModel, type Shown } from './usage-model.ts';

/** What many runs cost and saved, and where it went. */
export function Dashboard() {
  const session = useSession();
  const model = useMemo(() => new UsageModel(session.client, session.kept.value.usage ?? { days: 30, everywhere: false }), []);
  useEffect(() => {
    void model.refresh();
    const changes = session.client.on('changed', ({ state }) => {
      if (isTerminal(state)) void model.refresh();
    });
    return () => {
      changes[Symbol.dispose]();
      model.stop();
    };
  }, []);
  const shown = model.shown.value;
  const reading = model.reading.value;
  const problem = model.problem.value;
  return (
    <>
      <Controls model={model} />
      <div class="dashboard" aria-busy={shown === undefined && problem === undefined}>
        {problem && (
          <Notice tone="wait" icon="warning">
            <p>{visible(problem.message)}</p>
            {problem.hint !== undefined && <p class="hint">{visible(problem.hint)}</p>}
            <p><button type="button" class="button" onClick={() => void model.refresh()}>{l10n.t('Try again')}</button></p>
          </Notice>
        )}
        {shown === undefined && problem === undefined && <p class="hint" role="status">{reading === undefined ? l10n.t('Reading runs…') : l10n.t('Reading runs… {0}', count(reading))}</p>}
        {shown && (shown.report.runs === 0 ? <Empty model={model} shown={shown} /> : <Report shown={shown} />)}
        {shown && <Team model={model} />}
      </div>
    </>
  );
}

function Empty({ model, shown }: { readonly model: UsageModel; readonly shown: Shown }) {
  const session = useSession();
  const { days, everywhere } = shown.query;
  return (
    <section class="section">
      <h2>{days === undefined ? l10n.t('No runs yet') : l10n.t('No runs in the last {0} days', days)}</h2>
      <p class="hint">{l10n.t('Each run adds what it used, what it cost, and what the same work would have cost elsewhere. Chains cost nothing: open one in .assassin/chains and press Run above its first line.')}</p>
      <p class="message-actions">
        {days !== undefined && <button type="button" class="button primary" onClick={() => void model.ask({ everywhere })}>{l10n.t('Show all that is kept')}</button>}
        {!everywhere && <button type="button" class="button" onClick={() => void model.ask({ ...shown.query, everywhere: true })}>{l10n.t('Show all folders')}</button>}
        <button type="button" class="button" onClick={() => session.goTo('new')}>{l10n.t('New task')}</button>
      </p>
    </section>
  );
}

function Report({ shown: { report, since, until, machine } }: { readonly shown: Shown }) {
  const saved = report.saving === undefined ? [] : (['saved'] as const);
  return (
    <>
      <p class="hint">{l10n.t('{0} to {1}, on {2}', report.from ?? until, report.to ?? until, visible(report.machines.join(', ')))}</p>
      <Summary report={report} />
      <PeriodCharts report={report} since={since} until={until} />
      <Breakdown title={l10n.t('By chain, function or task')} counted={l10n.t('Runs')} rows={report.bySource} names={['cost', ...saved, 'tokens', 'time', 'errors', 'cache']} empty={l10n.t('Nothing was run.')} />
      {report.machines.length > 1 && <Breakdown title={l10n.t('By machine')} counted={l10n.t('Runs')} rows={report.byMachine} names={['cost', ...saved, 'tokens', 'time', 'errors', 'cache']} empty={l10n.t('Nothing was run.')} />}
      <Breakdown title={l10n.t('By model')} counted={l10n.t('Requests')} rows={report.byModel} names={['cost', 'tokens', 'time', 'errors', 'cache']} empty={l10n.t('No model was used.')} />
      <Breakdown title={l10n.t('By tool')} counted={l10n.t('Calls')} rows={report.byTool} names={['time', 'errors']} empty={l10n.t('No tool was called.')} />
      <section class="section">
        <h2>{l10n.t('Dearest runs')}</h2>
        <TopRuns top={report.top} machine={machine} />
      </section>
      <section class="section">
        <h2>{l10n.t('What the same work would have cost')}</h2>
        <ServicesTable services={report.services} />
        <p class="hint">{l10n.t('Services bill browsers and sandboxes, not models and tools: a saving is shown by day and by chain only.')}</p>
      </section>
      <section class="section">
        <h2>{l10n.t('How it was worked out')}</h2>
        <ul class="bullets">{report.assumptions.map((item) => <li key={item}>{visible(item)}</li>)}</ul>
      </section>
      <section class="section">
        <h2>{l10n.t('Not counted')}</h2>
        <ul class="bullets">{report.notCounted.map((item) => <li key={item}>{visible(item)}</li>)}</ul>
      </section>
    </>
  );
}
