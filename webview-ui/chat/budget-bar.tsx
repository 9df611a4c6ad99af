import * as l10n from '@vscode/l10n';
import { waitedMs, type RunUse } from '../../src/shared/chat.ts';
import { formatDuration } from '../../src/shared/duration.ts';
import { formatUsd } from '../../src/shared/money.ts';
import type { RunView } from '../../src/shared/protocol.ts';
import { cost, count, runDuration } from '../format.ts';
import { useSession } from '../state/use-session.ts';

/** From this share on a limit is near, and says so. */
const nearShare = 0.8;

/** What the task has used of what it may use. What nothing limits is told without a bar. */
export function BudgetBar({ use, view: { run } }: { readonly use: RunUse; readonly view: RunView }) {
  const { clock, going } = useSession();
  const now = run.endedAt === undefined && going.value ? clock.now.value : (run.endedAt ?? run.createdAt);
  // Time that a person takes to answer does not count, so the bar must not say that it does.
  const ms = Math.max(0, (runDuration(run, now) ?? 0) - waitedMs(use.waits, now));
  const { tokens, moneyUsd, steps, wallMs } = run.budget;
  const spent = use.inputTokens + use.outputTokens;
  const about = use.tokensMark === 'estimated' ? '~' : '';
  return (
    <dl class="budget" aria-label={l10n.t('Budget')}>
      <Part label={l10n.t('Tokens')} used={spent} limit={tokens} text={about + compact(spent)} of={compact} />
      <Part label={l10n.t('Money')} used={use.costUsd ?? 0} limit={moneyUsd === 0 && use.costUsd === undefined ? undefined : moneyUsd} text={cost(use.costUsd ?? 0, use.costUsd === undefined && spent > 0 ? 'unknown' : (use.costMark ?? 'computed'))} of={formatUsd} />
      <Part minor label={l10n.t('Steps')} used={use.steps} limit={steps} text={count(use.steps)} of={compact} />
      <Part label={l10n.t('Time')} used={ms} limit={wallMs} text={formatDuration(ms)} of={formatDuration} />
    </dl>
  );
}

interface PartProps {
  readonly label: string;
  /** Left out in a side bar while it is not near its limit. */
  readonly minor?: boolean;
  readonly used: number;
  readonly limit: number | undefined;
  readonly text: string;
  readonly of: (amount: number) => string;
}

function Part({ label, minor = false, used, limit, text, of }: PartProps) {
  const share = limit === undefined || limit === 0 ? undefined : Math.min(1, used / limit);
  const near = share !== undefined && share >= nearShare;
  return (
    <div class={`budget-part${near ? ' near' : minor ? ' budget-minor' : ''}`}>
      <dt>{label}</dt>
      <dd>
        {limit === undefined || limit === 0 ? text : l10n.t('{0} of {1}', text, of(limit))}
        {share !== undefined && <meter class="budget-meter" min={0} max={1} value={share} aria-label={l10n.t('{0}, share used', label)} />}
      </dd>
    </div>
  );
}

const short = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const compact = (amount: number) => short.format(amount);
