import * as l10n from '@vscode/l10n';
import type { StoredValue } from '../../src/shared/json.ts';
import type { Verification } from '../../src/shared/verification.ts';
import { formatDuration } from '../../src/shared/duration.ts';
import { count } from '../format.ts';
import { Icon } from '../parts/icon.tsx';
import { Notice } from '../parts/notice.tsx';
import { oneLine, visible } from '../text.ts';
import { ImageView } from '../value/image-view.tsx';
import { LongText } from '../value/long-text.tsx';
import { StoredView } from '../value/stored-view.tsx';
import { AccessibilityList, ConsoleList, NetworkTable } from './findings.tsx';

/** What a check of a page found: the verdict first, then what led to it, then the pictures. */
export function VerificationView({ found, value }: { readonly found: Verification; readonly value: StoredValue }) {
  const { passed, url, screenshots, console, network, accessibility, server } = found;
  return (
    <>
      <section class="section" aria-label={l10n.t('Check')}>
        <h2>{l10n.t('Check of {0}', oneLine(url, 300))}</h2>
        <Notice tone={passed ? 'good' : 'bad'} icon={passed ? 'check' : 'cross'}>
          <p class="verdict">{passed ? l10n.t('Passed') : l10n.t('Failed')}</p>
          <p>{summaryOf(found)}</p>
        </Notice>
        <Steps steps={found.steps} />
      </section>
      {console.length > 0 && <ConsoleList entries={console} />}
      {network.length > 0 && <NetworkTable entries={network} />}
      {accessibility.length > 0 && <AccessibilityList violations={accessibility} />}
      <section class="section" aria-label={l10n.t('Pictures')}>
        <h3>{l10n.t('Pictures')}</h3>
        {screenshots.length === 0 && <p class="hint">{l10n.t('None: the page could not be shown.')}</p>}
        <ul class="pictures">
          {screenshots.map((picture, i) => (
            <li key={`${i} ${picture.blob}`}>
              <p class="picture-name"><bdi>{oneLine(picture.name, 200)}</bdi></p>
              <ImageView blob={{ ...picture, preview: '' }} label={oneLine(picture.name, 200)} small={false} />
            </li>
          ))}
        </ul>
      </section>
      {server && (
        <details class="section">
          <summary><h3>{l10n.t('Server: {0}', oneLine(server.command, 200))}</h3></summary>
          <p class="hint">{l10n.t('It answered after {0} and was ended after the check.', formatDuration(server.readyMs))}</p>
          {server.output === '' ? <p class="hint">{l10n.t('It printed nothing.')}</p> : <pre class="text mono page-text" tabIndex={0}>{visible(server.output)}</pre>}
        </details>
      )}
      <details class="section">
        <summary><h3>{l10n.t('As data')}</h3></summary>
        <StoredView value={value} heading={l10n.t('Result')} level={3} />
      </details>
    </>
  );
}

function summaryOf({ steps, console, network, accessibility }: Verification): string {
  const failed = steps.filter(({ passed }) => !passed).length;
  const findings = [
    ...(failed === 0 ? [] : [failed === 1 ? l10n.t('1 step failed') : l10n.t('{0} steps failed', count(failed))]),
    ...(console.length === 0 ? [] : [console.length === 1 ? l10n.t('1 error in the console') : l10n.t('{0} errors in the console', count(console.length))]),
    ...(network.length === 0 ? [] : [network.length === 1 ? l10n.t('1 request failed') : l10n.t('{0} requests failed', count(network.length))]),
    ...(accessibility.length === 0 ? [] : [accessibility.length === 1 ? l10n.t('1 rule of accessibility is broken') : l10n.t('{0} rules of accessibility are broken', count(accessibility.length))]),
  ];
  if (findings.length > 0) return `${findings.join(', ')}.`;
  return steps.length === 1 ? l10n.t('1 step, no errors, no violations of accessibility.') : l10n.t('{0} steps, no errors, no violations of accessibility.', count(steps.length));
}

function Steps({ steps }: Pick<Verification, 'steps'>) {
  return (
    <ol class="verify-steps" aria-label={l10n.t('Steps')}>
      {steps.map(({ name, passed, ms, problem }, i) => (
        <li key={i} class="verify-step">
          <Icon name={passed ? 'check' : 'cross'} tone={passed ? 'good' : 'bad'} />
          <div class="verify-step-text">
            <p><span class="visually-hidden">{passed ? l10n.t('Passed') : l10n.t('Failed')}: </span><bdi>{oneLine(name, 300)}</bdi> <span class="hint">{formatDuration(ms)}</span></p>
            {problem !== null && <LongText text={problem} />}
          </div>
        </li>
      ))}
    </ol>
  );
}
