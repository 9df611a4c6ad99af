import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Approval, ApprovalAnswer, ApprovalOffer, UntrustedSource } from '../../src/shared/approvals.ts';
import type { FileDiff } from '../../src/shared/file-diff.ts';
import { DiffLines } from '../chat/diff-lines.tsx';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../state/use-session.ts';
import { oneLine, visible } from '../text.ts';
import { Deadline } from './deadline.tsx';

const reasonLimit = 500;
const sourcesShown = 3;
const linesOpen = 40;

/** What exactly is to happen, why it is asked, who wants it, and the answers with what each of them allows. The focus never falls on one that allows. */
export function ApprovalCard({ approval }: { readonly approval: Approval }) {
  const session = useSession();
  const refusing = useSignal(false);
  const busy = useSignal(false);
  const { id, text, why, change, origin, untrusted, offers, waiting } = approval;
  const decide = (answer: ApprovalAnswer) => {
    if (busy.value) return;
    busy.value = true;
    void session.act(() => session.asks.decide(approval, answer)).finally(() => (busy.value = false));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    refusing.value = !refusing.value;
  };
  const { place } = why;
  const who = [origin.agent, origin.tool].filter((part) => part !== undefined).map((part) => oneLine(part, 100)).join(' · ');
  return (
    <section class="approval" aria-labelledby={`approval-${id}`} onKeyDown={onKeyDown}>
      <h2 id={`approval-${id}`} class="approval-head" tabIndex={-1}>
        <Icon name="approval" tone="wait" />
        {l10n.t('Allow this?')}
        <Deadline at={approval.deadline} />
      </h2>
      <pre class="approval-action" tabIndex={0} aria-label={l10n.t('The exact action')}>{visible(text)}</pre>
      {untrusted.length > 0 && <Untrusted sources={untrusted} />}
      <p>
        {visible(why.text)}{' '}
        {place ? <button type="button" class="link" onClick={() => void session.openSource(place)}>{oneLine(why.origin ?? place.file, 200)}</button> : why.origin !== undefined && <span class="hint">{oneLine(why.origin, 200)}</span>}
      </p>
      {(who !== '' || waiting > 1) && (
        <p class="hint">
          {who !== '' && l10n.t('Asked by {0}.', who)}{' '}
          {waiting > 1 && l10n.t('{0} equal calls wait for this answer.', waiting)}{' '}
          {origin.step !== undefined && <StepLink step={origin.step} run={approval.run} />}
        </p>
      )}
      {change && <Change change={change} />}
      <div class="approval-answers">
        <button type="button" class="button primary" disabled={busy.value} onClick={() => decide({ answer: 'once' })}>{l10n.t('Allow once')}</button>
        <button type="button" class="button" disabled={busy.value} onClick={() => decide({ answer: 'deny' })}>{l10n.t('Deny')}</button>
        <button type="button" class="link" aria-expanded={refusing.value} onClick={() => (refusing.value = !refusing.value)}>{l10n.t('Deny with a reason…')}</button>
      </div>
      {refusing.value && <Refusal disabled={busy.value} onRefuse={(reason) => decide({ answer: 'deny', ...(reason === '' ? {} : { reason }) })} />}
      {offers.length > 0 && (
        <div class="approval-offers">
          {offers.map((offer) => <Offer key={`${offer.scope} ${offer.grant}`} offer={offer} disabled={busy.value} onChoose={() => decide({ answer: offer.scope, grant: offer.grant })} />)}
        </div>
      )}
    </section>
  );
}

/** What would be changed in the file, open where that is not long. */
function Change({ change: { path, lines, added, removed, problem } }: { readonly change: FileDiff }) {
  if (lines.length === 0) return <p class="hint">{problem === undefined ? l10n.t('It would change nothing.') : visible(problem)}</p>;
  return (
    <details class="approval-change" open={lines.length <= linesOpen}>
      <summary>{l10n.t('What would change')} <span class="edit-count"><span class="added">+{added}</span> <span class="removed">−{removed}</span></span></summary>
      <DiffLines lines={lines} label={l10n.t('Changed lines of {0}', oneLine(path, 200))} />
    </details>
  );
}

function StepLink({ step, run }: { readonly step: string; readonly run: string }) {
  const session = useSession();
  return <button type="button" class="link" onClick={() => session.showStep(step, run)}>{l10n.t('Show the step')}</button>;
}

/** A standing answer: the rule that it makes, and what that would have covered. */
function Offer({ offer, disabled, onChoose }: { readonly offer: ApprovalOffer; readonly disabled: boolean; readonly onChoose: () => void }) {
  const { scope, grant, sentence, examples } = offer;
  return (
    <details class="offer">
      <summary>{scope === 'run' ? l10n.t('Allow for this run…') : l10n.t('Allow in this workspace…')} <code class="hint">{oneLine(grant, 80)}</code></summary>
      <div class="offer-inside">
        <p>{visible(sentence)}</p>
        <p class="hint">{l10n.t('The rule:')} <code>{visible(grant)}</code></p>
        {examples.length > 0 && (
          <>
            <p class="hint">{l10n.t('It covers, for example:')}</p>
            <ul class="bullets">{examples.map((example) => <li key={example}><code>{visible(example)}</code></li>)}</ul>
          </>
        )}
        <button type="button" class="button" disabled={disabled} onClick={onChoose}>{scope === 'run' ? l10n.t('Allow for this run') : l10n.t('Allow in this workspace')}</button>
      </div>
    </details>
  );
}

function Untrusted({ sources }: { readonly sources: readonly UntrustedSource[] }) {
  const newest = sources.slice(-sourcesShown).reverse();
  return (
    <p class="untrusted">
      <Icon name="warning" tone="wait" />
      <span>
        {l10n.t('This run has read text of strangers, which may be what asks for this:')}{' '}
        {newest.map(({ kind, source }) => `${oneLine(source, 120)} (${kind})`).join(', ')}
        {sources.length > newest.length && ` ${l10n.t('and {0} more', sources.length - newest.length)}`}
      </span>
    </p>
  );
}

function Refusal({ disabled, onRefuse }: { readonly disabled: boolean; readonly onRefuse: (reason: string) => void }) {
  const reason = useSignal('');
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.focus(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    onRefuse(reason.value.trim());
  };
  return (
    <form class="answer-form" onSubmit={submit}>
      <label>
        <span class="visually-hidden">{l10n.t('Why not? The model is told.')}</span>
        <input ref={box} class="input" type="text" maxLength={reasonLimit} placeholder={l10n.t('Why not? The model is told.')} value={reason.value} onInput={(event) => (reason.value = event.currentTarget.value)} />
      </label>
      <button type="submit" class="button" disabled={disabled}>{l10n.t('Deny')}</button>
    </form>
  );
}
