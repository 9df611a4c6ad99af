import * as l10n from '@vscode/l10n';
import type { ComponentChildren } from 'preact';
import type { Verification } from '../../src/shared/verification.ts';
import { count } from '../format.ts';
import { oneLine } from '../text.ts';
import { LongText } from '../value/long-text.tsx';

/** Drawn at once; the rest is in the data. A broken page may log and ask a thousand times. */
const shownAtOnce = 100;

function Findings({ title, total, children }: { readonly title: string; readonly total: number; readonly children: ComponentChildren }) {
  return (
    <section class="section" aria-label={title}>
      <h3>{title} <span class="count">{count(total)}</span></h3>
      {children}
      {total > shownAtOnce && <p class="hint">{l10n.t('{0} more are in the data below.', count(total - shownAtOnce))}</p>}
    </section>
  );
}

export function ConsoleList({ entries }: { readonly entries: Verification['console'] }) {
  return (
    <Findings title={l10n.t('Errors in the console')} total={entries.length}>
      <ul class="findings">
        {entries.slice(0, shownAtOnce).map(({ text, url, line }, i) => (
          <li key={i}>
            <div class="mono"><LongText text={text} /></div>
            {url !== '' && <p class="hint"><bdi>{oneLine(url, 300)}</bdi>:{line}</p>}
          </li>
        ))}
      </ul>
    </Findings>
  );
}

export function NetworkTable({ entries }: { readonly entries: Verification['network'] }) {
  return (
    <Findings title={l10n.t('Failed requests')} total={entries.length}>
      <ul class="findings">
        {entries.slice(0, shownAtOnce).map(({ method, url, status, failure }, i) => (
          <li key={i}>
            <p><strong>{failure === null ? String(status ?? '') : oneLine(failure, 200)}</strong> <code>{oneLine(method, 20)} <bdi>{oneLine(url, 500)}</bdi></code></p>
          </li>
        ))}
      </ul>
    </Findings>
  );
}

export function AccessibilityList({ violations }: { readonly violations: Verification['accessibility'] }) {
  return (
    <Findings title={l10n.t('Accessibility')} total={violations.length}>
      <ul class="findings">
        {violations.slice(0, shownAtOnce).map(({ rule, impact, help, helpUrl, elements, count: places }) => (
          <li key={rule}>
            <p><strong>{impactLabel(impact)}</strong>: <bdi>{oneLine(help, 300)}</bdi> <code>{oneLine(rule, 100)}</code></p>
            <p class="hint">
              {places === 1 ? l10n.t('1 place') : l10n.t('{0} places', count(places))}
              {helpUrl.startsWith('https://dequeuniversity.com/') && <>{', '}<a href={helpUrl}>{l10n.t('what to do about {0}', oneLine(rule, 100))}</a></>}
            </p>
            <ul class="plain">{elements.map((element) => <li key={element}><code><bdi>{oneLine(element, 300)}</bdi></code></li>)}</ul>
          </li>
        ))}
      </ul>
    </Findings>
  );
}

function impactLabel(impact: string): string {
  switch (impact) {
    case 'critical': return l10n.t('Critical');
    case 'serious': return l10n.t('Serious');
    case 'moderate': return l10n.t('Moderate');
    case 'minor': return l10n.t('Minor');
    default: return oneLine(impact, 40);
  }
}
