import * as l10n from '@vscode/l10n';
import type { ComponentChildren } from 'preact';
import type { RunView } from '../../src/shared/protocol.ts';
import { formatDuration } from '../../src/shared/duration.ts';
import { cost, count, dateTime, runDuration } from '../format.ts';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import { stateLook } from '../parts/labels.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';
import { Places } from './places.tsx';
import { RunPicker } from './run-picker.tsx';
import { Tags } from './tags.tsx';

export function Header({ view }: { readonly view: RunView }) {
  const { run } = view;
  return (
    <header class="header">
      <div class="header-line">
        <h1 class="title" title={oneLine(run.title, 1000)}><bdi>{oneLine(run.title, 200)}</bdi></h1>
        <RunPicker />
        <Places />
      </div>
      <div class="header-line">
        <dl class="facts">
          <Fact label={l10n.t('State')}><Badge look={stateLook(run.state)} /></Fact>
          <Duration view={view} />
          <Fact label={l10n.t('Cost')} title={costTitle(view)}>{cost(view.cost.usd, view.cost.mark)}</Fact>
          <Fact label={l10n.t('Steps')} minor>{run.steps === 1 ? l10n.t('1 step') : l10n.t('{0} steps', count(run.steps))}</Fact>
          <Fact label={l10n.t('Started')} minor>{dateTime(run.startedAt ?? run.createdAt)}</Fact>
        </dl>
        <Tags key={run.id} tags={view.tags} />
        <Actions view={view} />
      </div>
    </header>
  );
}

function costTitle({ cost: { below } }: RunView): string {
  if (below === 0) return l10n.t('What this run really cost');
  return below === 1 ? l10n.t('What this run and the one that it started really cost') : l10n.t('What this run and the {0} that it started really cost', below);
}

/** The label is there for screen readers; the value speaks for itself to the eye. */
function Fact({ label, title, minor = false, children }: { readonly label: string; readonly title?: string; readonly minor?: boolean; readonly children: ComponentChildren }) {
  return (
    <div class={minor ? 'fact fact-minor' : 'fact'} {...(title === undefined ? {} : { title })}>
      <dt class="visually-hidden">{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Duration({ view: { run } }: { readonly view: RunView }) {
  const { clock } = useSession();
  const ms = runDuration(run, run.endedAt === undefined ? clock.now.value : 0);
  return ms === undefined ? null : <Fact label={l10n.t('Duration')}>{formatDuration(ms)}</Fact>;
}

function Actions({ view }: { readonly view: RunView }) {
  const session = useSession();
  const going = session.going.value;
  return (
    <div class="actions">
      {going && (
        <button
          type="button" class="button primary" disabled={!view.live} onClick={() => void session.stop()}
          {...(view.live ? { title: l10n.t('Stop') } : { title: l10n.t('Another window or program runs it: stop it there.') })}
        >
          <Icon name="stop" />
          <span class="action-label">{l10n.t('Stop')}</span>
        </button>
      )}
      {!going && view.repeatable && (
        <button type="button" class="button primary" title={l10n.t('Run again')} onClick={() => void session.again()}>
          <Icon name="again" />
          <span class="action-label">{l10n.t('Run again')}</span>
        </button>
      )}
      <button type="button" class="button" title={l10n.t('Export')} onClick={() => void session.export()}>
        <Icon name="export" />
        <span class="action-label">{l10n.t('Export')}</span>
      </button>
    </div>
  );
}
