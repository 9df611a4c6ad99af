import * as l10n from '@vscode/l10n';
import { Composer } from '../composer/composer.tsx';
import { NotReady } from '../composer/not-ready.tsx';
import { dateTime } from '../format.ts';
import { Badge } from '../parts/badge.tsx';
import { stateLook } from '../parts/labels.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';

const recentShown = 5;

/** Where a new task begins: examples for who sees this for the first time, what was done last for who comes back. */
export function Home() {
  return (
    <>
      <div class="home" tabIndex={-1}>
        <h1>{l10n.t('What is to be done?')}</h1>
        <p class="hint">{l10n.t('An agent works it out in throwaway sandboxes and browsers, asks before what you have not granted, and leaves nothing behind.')}</p>
        <NotReady />
        <Examples />
        <Recent />
      </div>
      <Composer target="new" />
    </>
  );
}

function Examples() {
  const { composer } = useSession();
  const examples = [
    l10n.t('Find out why the tests fail, repair it, and show that they pass.'),
    l10n.t('Explain how this project is built, with the files that matter most.'),
    l10n.t('Read the prices on the page @url:https://example.com and write them to prices.csv.'),
  ];
  return (
    <section aria-label={l10n.t('Examples')}>
      <h2>{l10n.t('For example')}</h2>
      <ul class="plain examples">
        {examples.map((example) => <li key={example}><button type="button" class="button example" onClick={() => composer.fill('new', example)}>{example}</button></li>)}
      </ul>
    </section>
  );
}

function Recent() {
  const session = useSession();
  const runs = session.list.runs.value.slice(0, recentShown);
  if (runs.length === 0) return <p class="hint">{l10n.t('No run yet. Chains run without a model: open one in .assassin/chains and press Run above its first line.')}</p>;
  return (
    <section aria-label={l10n.t('Last runs')}>
      <h2>{l10n.t('Last runs')}</h2>
      <ul class="plain recent">
        {runs.map((run) => (
          <li key={run.id} class="recent-run">
            <button type="button" class="link" onClick={() => session.open(run.id)}><bdi>{oneLine(run.title, 120)}</bdi></button>
            <span class="hint"><Badge look={stateLook(run.state)} /> {dateTime(run.createdAt)}</span>
          </li>
        ))}
      </ul>
      <button type="button" class="link" onClick={() => session.goTo('history')}>{l10n.t('Search all runs')}</button>
    </section>
  );
}
