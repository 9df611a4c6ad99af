import * as l10n from '@vscode/l10n';
import type { RunView } from '../src/shared/protocol.ts';
import { Announcer } from './announcer.tsx';
import { BillTab } from './bill/bill-tab.tsx';
import { count } from './format.ts';
import { Header } from './header/header.tsx';
import { RunPicker } from './header/run-picker.tsx';
import { Notice } from './parts/notice.tsx';
import { TabList, TabPanel, type TabItem } from './parts/tabs.tsx';
import { ResultTab } from './result/result-tab.tsx';
import { useKeptScroll } from './kept-scroll.ts';
import type { Shown } from './state/session.ts';
import type { Tab } from './state/kept.ts';
import { useSession } from './state/use-session.ts';
import { visible } from './text.ts';
import { TraceTab } from './trace/trace-tab.tsx';

export function App() {
  const session = useSession();
  const shown = session.shown.value;
  const view = session.view.value;
  return (
    <>
      <Announcer />
      {shown && view ? <Run shown={shown} view={view} /> : <Waiting />}
    </>
  );
}

function Run({ shown, view }: { readonly shown: Shown; readonly view: RunView }) {
  const session = useSession();
  const tab = session.tab.value;
  const items: readonly TabItem<Tab>[] = [
    { id: 'result', label: l10n.t('Result') },
    { id: 'trace', label: l10n.t('Trace'), detail: count(view.run.steps) },
    { id: 'bill', label: l10n.t('Bill') },
  ];
  return (
    <>
      <Header view={view} />
      <main class="main">
        <Problems />
        <TabList label={l10n.t('Views of the run')} items={items} selected={tab} onSelect={(id) => session.show(id)} />
        <Panel key={`${shown.id} ${tab}`} tab={tab} shown={shown} view={view} />
      </main>
    </>
  );
}

function Panel({ tab, shown, view }: { readonly tab: Tab; readonly shown: Shown; readonly view: RunView }) {
  const scroll = useKeptScroll(tab);
  switch (tab) {
    case 'result':
      return <TabPanel id={tab} focusable scroll={scroll}><ResultTab log={shown.log} view={view} /></TabPanel>;
    case 'trace':
      return <TabPanel id={tab} focusable={false}><TraceTab trace={shown.trace} view={view} /></TabPanel>;
    case 'bill':
      return <TabPanel id={tab} focusable scroll={scroll}><BillTab model={shown.bill} view={view} /></TabPanel>;
  }
}

/** What is shown may be old, or an action was refused; the page goes on below. */
function Problems() {
  const session = useSession();
  const problem = session.problem.value;
  const refusal = session.refusal.value;
  return (
    <>
      {problem && (
        <Notice tone="wait" icon="warning">
          <p>{l10n.t('This view may be out of date: {0}', visible(problem.message))}</p>
          <p><button type="button" class="button" onClick={() => void session.refresh()}>{l10n.t('Try again')}</button></p>
        </Notice>
      )}
      {refusal && (
        <Notice tone="bad" icon="cross" onDismiss={() => (session.refusal.value = undefined)}>
          <p>{visible(refusal.message)}</p>
          {refusal.hint !== undefined && <p class="hint">{visible(refusal.hint)}</p>}
        </Notice>
      )}
    </>
  );
}

/** Everything before a run can be shown: loading, no run yet, or a host that does not answer. */
function Waiting() {
  const session = useSession();
  const problem = session.problem.value;
  if (problem) {
    return (
      <main class="message">
        <h1>{l10n.t('The run could not be read')}</h1>
        <p>{visible(problem.message)}</p>
        {problem.hint !== undefined && <p class="hint">{visible(problem.hint)}</p>}
        <p class="message-actions">
          <button type="button" class="button primary" onClick={() => void session.refresh()}>{l10n.t('Try again')}</button>
          {session.list.runs.value.length > 0 && <RunPicker />}
        </p>
      </main>
    );
  }
  if (!session.started.value || session.shown.value) {
    return (
      <main class="message" aria-busy="true">
        <p class="loading">{l10n.t('Reading the run…')}</p>
      </main>
    );
  }
  return (
    <main class="message">
      <h1>{l10n.t('No run yet')}</h1>
      <p>{l10n.t('Open a chain in .assassin/chains and press Run above its first line, or choose "Infrastructure Assassin: Run Chain" in the Command Palette.')}</p>
      <p>{l10n.t('Its result, its trace and its bill appear here while it goes on.')}</p>
    </main>
  );
}
