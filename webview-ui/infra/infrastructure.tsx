import * as l10n from '@vscode/l10n';
import { useEffect, useMemo } from 'preact/hooks';
import { formatDuration } from '../../src/shared/duration.ts';
import type { Infrastructure } from '../../src/shared/infrastructure.ts';
import { bytes, count } from '../format.ts';
import { stateLook } from '../parts/labels.ts';
import { Notice } from '../parts/notice.tsx';
import { runStates } from '../../src/shared/run-state.ts';
import { useSession } from '../state/use-session.ts';
import { visible } from '../text.ts';
import { InfrastructureModel } from './infrastructure-model.ts';
import { LeasesTable } from './leases-table.tsx';
import { RecentDelay } from './recent-delay.tsx';
import { ServersTable } from './servers-table.tsx';

/** An editor that answers later than this is felt to stutter. */
const lateMs = 50;

/** What the program holds at this moment: delay, memory, leases, pools, servers, and how long starting took. */
export function InfrastructureView() {
  const session = useSession();
  const model = useMemo(() => new InfrastructureModel(session.client), []);
  useEffect(() => {
    void model.look();
    return () => model.stop();
  }, []);
  const now = model.now.value;
  const problem = model.problem.value;
  return (
    <div class="dashboard" aria-busy={now === undefined && problem === undefined}>
      <h1>{l10n.t('Infrastructure')}</h1>
      {problem && (
        <Notice tone="wait" icon="warning">
          <p>{now === undefined ? visible(problem.message) : l10n.t('This view may be out of date: {0}', visible(problem.message))}</p>
          {problem.hint !== undefined && <p class="hint">{visible(problem.hint)}</p>}
          <p><button type="button" class="button" onClick={() => void model.look()}>{l10n.t('Try again')}</button></p>
        </Notice>
      )}
      {now === undefined && problem === undefined && <p class="hint">{l10n.t('Measuring…')}</p>}
      {now && <Now now={now} past={model.past.value} />}
    </div>
  );
}

function Now({ now, past }: { readonly now: Infrastructure; readonly past: readonly Infrastructure[] }) {
  const { program, loop, memory, sandboxes, browsers, runs, starts, servers, leases } = now;
  const states = runStates.flatMap((state) => (runs.byState[state] === undefined ? [] : [`${count(runs.byState[state])} ${stateLook(state).label.toLowerCase()}`]));
  return (
    <>
      <p class="hint">{l10n.t('Extension host, process {0}, Node {1}, up {2}. Other extensions share its memory and its event loop.', String(program.pid), visible(program.node), formatDuration(program.upMs))}</p>
      <dl class="figures facts-grid">
        <Fact label={l10n.t('Event loop delay, p99')} value={loop ? formatDuration(loop.p99Ms) : l10n.t('not measured yet')} note={loop ? l10n.t('{0} at most in {1}; at work {2} % of the time', formatDuration(loop.maxMs), formatDuration(loop.watchedMs), count(Math.round(loop.busy * 1000) / 10)) : l10n.t('watched while this view is open')} warn={loop !== undefined && loop.p99Ms >= lateMs} />
        <Fact label={l10n.t('Memory')} value={bytes(memory.residentBytes)} note={l10n.t('{0} of {1} heap, {2} outside of it', bytes(memory.heapUsedBytes), bytes(memory.heapLimitBytes), bytes(memory.externalBytes))} />
        <Fact label={l10n.t('Live runs')} value={count(runs.open)} note={[...states, l10n.t('{0} in this window, at most {1} at a time', count(runs.here), count(runs.most))].join(', ')} />
        <Fact label={l10n.t('Live leases')} value={count(leases.length)} note={leases.length === 0 ? l10n.t('nothing is held') : l10n.t('each gone with its run at the latest')} />
        <Fact label={l10n.t('Sandbox threads')} value={l10n.t('{0} of {1}', count(sandboxes.threads), count(sandboxes.most))} note={threadNote(sandboxes)} />
        <Fact label={l10n.t('Browsers')} value={l10n.t('{0} ready', count(browsers.ready))} note={browserNote(browsers)} />
      </dl>
      <RecentDelay past={past} />
      <section class="section">
        <h2>{l10n.t('Live leases')}</h2>
        <LeasesTable leases={leases} at={now.at} owner={program.pid} />
      </section>
      <section class="section">
        <h2>{l10n.t('MCP servers')}</h2>
        <ServersTable servers={servers} />
      </section>
      <section class="section">
        <h2>{l10n.t('Start')}</h2>
        {starts.length === 0 ? <p class="hint">{l10n.t('not measured')}</p> : (
          <div class="table-scroll" tabIndex={0} role="region" aria-label={l10n.t('Start')}>
            <table class="table">
              <thead><tr><th scope="col">{l10n.t('What')}</th><th scope="col" class="numeric">{l10n.t('Time')}</th></tr></thead>
              <tbody>{starts.map(({ name, ms }, at) => <tr key={at}><th scope="row">{visible(name)}</th><td class="numeric">{formatDuration(ms)}</td></tr>)}</tbody>
            </table>
          </div>
        )}
      </section>
    </>
  );
}

function threadNote({ threads, waiting, queued }: Infrastructure['sandboxes']): string {
  if (queued > 0) return queued === 1 ? l10n.t('1 program waits for one') : l10n.t('{0} programs wait for one', count(queued));
  return threads === 0 ? l10n.t('started when a program needs one') : l10n.t('{0} idle', count(waiting));
}

function browserNote({ keepReady, ceiling, shared, contexts }: Infrastructure['browsers']): string {
  const kept = keepReady === 'never' ? l10n.t('launched when a run needs one') : keepReady === 'always' ? l10n.t('always one ready, at most {0}', count(ceiling)) : l10n.t('kept ready for a while after a run had one, at most {0}', count(ceiling));
  return shared === 0 ? kept : `${kept}; ${l10n.t('{0} shared, contexts in them: {1}', count(shared), count(contexts))}`;
}

function Fact({ label, value, note, warn = false }: { readonly label: string; readonly value: string; readonly note: string; readonly warn?: boolean }) {
  return (
    <div class="figure">
      <dt class="figure-label">{label}</dt>
      <dd>
        <span class="figure-value">{value}</span>
        {warn && <span class="problem">{l10n.t('late: the computer or another extension is busy')}</span>}
        <span class="hint figure-note">{note}</span>
      </dd>
    </div>
  );
}
