import * as l10n from '@vscode/l10n';
import type { RunDetail } from '../../src/shared/dto.ts';
import type { LogLine } from '../../src/shared/protocol.ts';
import { isTerminal } from '../../src/shared/run-state.ts';
import { clockTime, count } from '../format.ts';
import { logKindLabel } from '../parts/labels.ts';
import type { LogModel } from '../state/log-model.ts';
import { visible } from '../text.ts';

/** Lines in the page at first: the newest, which is what somebody looks for. */
const linesShown = 200;
const lineLimit = 2000;

export function LogView({ run, log }: { readonly run: RunDetail; readonly log: LogModel }) {
  const lines = log.lines.value;
  if (lines.length === 0) return null;
  const shown = lines.slice(-linesShown);
  const older = log.total.value - shown.length;
  return (
    <details class="section log" open={!isTerminal(run.state) || run.state === 'failed'}>
      <summary><h2>{l10n.t('Log')}</h2> <span class="count">{count(log.total.value)}</span></summary>
      {older > 0 && <p class="hint">{l10n.t('{0} earlier lines are in the export of the run.', count(older))}</p>}
      <ol class="log-lines">
        {shown.map((line) => <Line key={line.seq} line={line} />)}
      </ol>
    </details>
  );
}

function Line({ line: { at, kind, message, fraction } }: { readonly line: LogLine }) {
  const text = message.length > lineLimit ? `${message.slice(0, lineLimit)}…` : message;
  return (
    <li class={`log-line log-${kind}`}>
      <time class="log-time" dateTime={new Date(at).toISOString()}>{clockTime(at)}</time>
      <span class="log-kind">{logKindLabel(kind)}</span>
      <span class="log-message" dir="auto">{visible(text)}{fraction !== undefined && ` (${Math.round(fraction * 100)} %)`}</span>
    </li>
  );
}
