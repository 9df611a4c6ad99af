import * as l10n from '@vscode/l10n';
import type { ErrorInfo } from '../src/shared/errors.ts';
import type { RunView } from '../src/shared/protocol.ts';
import { waysOutOf, type SetupWay } from '../src/shared/setup-ways.ts';
import { Announcer } from './announcer.tsx';
import { Asks } from './asks/asks.tsx';
import { BillTab } from './bill/bill-tab.tsx';
import { BudgetBar } from './chat/budget-bar.tsx';
import { ChatTab } from './chat/chat-tab.tsx';
import { Composer } from './composer/composer.tsx';
import { count } from './format.ts';
import { Header } from './header/header.tsx';
import { Places } from './header/places.tsx';
import { RunPicker } from './header/run-picker.tsx';
import { History } from './history/history.tsx';
import { Home } from './home/home.tsx';
import { ErrorBoundary } from './parts/error-boundary.tsx';
import { Later } from './parts/later.tsx';
import { Notice } from './parts/notice.tsx';
import { TabList, TabPanel, type TabItem } from './parts/tabs.tsx';
import { Ways } from './parts/ways.tsx';
import { ResultTab } from './result/result-tab.tsx';
import { useKeptScroll } from './kept-scroll.ts';
import type { Shown } from './state/session.ts';
import type { Place, Tab } from './state/kept.ts';
import { useSession } from './state/use-session.ts';
import { visible } from './text.ts';
import { TraceTab } from './trace/trace-tab.tsx';

export function App() {
  return (
    <ErrorBoundary>
      <Announcer />
      <Page />
    </ErrorBoundary>
  );
}

function Page() {
  const session = useSession();
  const shown = session.shown.value;
  const view = session.view.value;
  const place = session.place.value;
  if (!session.started.value || (place === 'run' && !(shown && view))) return <Waiting />;
  if (place === 'run' && shown && view) return <Run shown={shown} view={view} />;
  return (
    <>
      <header class="header header-slim"><Places /></header>
      <main class="main">
        <Problems />
        <ErrorBoundary part key={place}><PlaceView place={place} /></ErrorBoundary>
      </main>
      <ErrorBoundary part><Asks /></ErrorBoundary>
    </>
  );
}

function PlaceView({ place }: { readonly place: Place }) {
  switch (place) {
    case 'history':
      return <History />;
    case 'compare':
      return <Later key={place} load={async () => (await import('./compare/compare-view.tsx')).CompareView} />;
    case 'usage':
      return <Later key={place} load={async () => (await import('./dashboard/dashboard.tsx')).Dashboard} />;
    case 'infrastructure':
      return <Later key={place} load={async () => (await import('./infra/infrastructure.tsx')).InfrastructureView} />;
    case 'new':
    case 'run':
      return <Home />;
  }
}

function Run({ shown, view }: { readonly shown: Shown; readonly view: RunView }) {
  const session = useSession();
  const tab = session.shownTab.value;
  const isTask = view.run.kind === 'task';
  const items: readonly TabItem<Tab>[] = [
    ...(isTask ? [{ id: 'chat', label: l10n.t('Chat') } as const] : []),
    { id: 'result', label: l10n.t('Result') },
    { id: 'trace', label: l10n.t('Trace'), detail: count(view.run.steps) },
    { id: 'bill', label: l10n.t('Bill') },
  ];
  return (
    <>
      <ErrorBoundary part key={`header ${shown.id}`}><Header view={view} /></ErrorBoundary>
      <main class="main">
        <Problems />
        <TabList label={l10n.t('Views of the run')} items={items} selected={tab} onSelect={(id) => session.show(id)} />
        <ErrorBoundary part id={`tabpanel-${tab}`} key={`${shown.id} ${tab}`}><Panel tab={tab} shown={shown} view={view} /></ErrorBoundary>
      </main>
      <ErrorBoundary part><Asks /></ErrorBoundary>
      {isTask && tab === 'chat' && (
        <footer class="speak">
          <ErrorBoundary part>
            {shown.chat.use.value && <BudgetBar use={shown.chat.use.value} view={view} />}
            <Composer target="run" key={shown.id} />
          </ErrorBoundary>
        </footer>
      )}
    </>
  );
}

function Panel({ tab, shown, view }: { readonly tab: Tab; readonly shown: Shown; readonly view: RunView }) {
  const scroll = useKeptScroll(tab === 'chat' ? 'result' : tab);
  switch (tab) {
    case 'chat':
      return <TabPanel id={tab} focusable={false}><ChatTab chat={shown.chat} view={view} /></TabPanel>;
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
          {waysFrom(refusal).length > 0 && <p class="message-actions"><Ways ways={waysFrom(refusal)} /></p>}
        </Notice>
      )}
    </>
  );
}

const isSetting = ({ data }: ErrorInfo): boolean => typeof data?.['setting'] === 'string';
const waysFrom = (error: ErrorInfo): readonly SetupWay[] => (isSetting(error) ? ['settings'] : waysOutOf(error));

/** Everything before a run can be shown: loading, or a host that does not answer. */
function Waiting() {
  const session = useSession();
  const problem = session.problem.value;
  if (problem) {
    return (
      <main class="message">
        <h1>{isSetting(problem) ? l10n.t('A setting is wrong') : l10n.t('The run could not be read')}</h1>
        <p>{visible(problem.message)}</p>
        {problem.hint !== undefined && <p class="hint">{visible(problem.hint)}</p>}
        <p class="message-actions">
          <button type="button" class="button primary" onClick={() => void session.refresh()}>{l10n.t('Try again')}</button>
          <Ways ways={waysFrom(problem)} />
          {session.list.runs.value.length > 0 && <RunPicker />}
          {session.started.value && <Places />}
        </p>
      </main>
    );
  }
  return (
    <main class="message" aria-busy="true">
      <p class="loading">{l10n.t('Reading the run…')}</p>
    </main>
  );
}
