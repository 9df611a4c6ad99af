import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import type { ChatItem, ChildRef } from '../../src/shared/chat.ts';
import { formatDuration } from '../../src/shared/duration.ts';
import type { TeamRun } from '../../src/shared/protocol-chat.ts';
import { isTerminal } from '../../src/shared/run-state.ts';
import { cost, count, runDuration } from '../format.ts';
import { Icon } from '../parts/icon.tsx';
import { stateLook } from '../parts/labels.ts';
import { ChatModel } from '../state/chat-model.ts';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';

const wordsShown = 160;

/** Draws a conversation inside this one. Handed down, because a conversation is what holds these rows. */
export type ShowItems = (items: readonly ChatItem[], chat: ChatModel) => ComponentChildren;

/** The runs that a step has started: who works, on what, how far it is and what it took. Each unfolds to its own steps. */
export function ChildRuns({ refs, chat, show }: { readonly refs: readonly ChildRef[]; readonly chat: ChatModel; readonly show: ShowItems }) {
  return (
    <ul class="plain children" aria-label={refs.length === 1 ? l10n.t('Run that was started') : l10n.t('Runs that were started')}>
      {refs.map((ref) => <li key={ref.run} class="child"><Child child={ref} run={chat.team.value.get(ref.run)} show={show} /></li>)}
    </ul>
  );
}

function Child({ child, run, show }: { readonly child: ChildRef; readonly run: TeamRun | undefined; readonly show: ShowItems }) {
  const session = useSession();
  const open = useSignal(false);
  const agent = oneLine(child.agent, 100);
  const look = run && stateLook(run.state);
  return (
    <>
      <details class="child-run" onToggle={(event) => { if (event.target === event.currentTarget) open.value = event.currentTarget.open; }}>
        <summary>
          {look ? <Icon name={look.icon} tone={look.tone} /> : <Icon name="list" tone="quiet" />}
          <span class="child-agent">{agent}</span>
          {run && <bdi class="child-task">{oneLine(run.title, 200)}</bdi>}
          <span class="child-facts hint">{run ? <Facts run={run} label={look?.label ?? ''} /> : child.recorded ? l10n.t('Result of an earlier run: nothing was repeated') : l10n.t('Not on record any more')}</span>
        </summary>
        {open.value && <Inside id={child.run} run={run} agent={agent} show={show} />}
      </details>
      <button type="button" class="link child-open" aria-label={l10n.t('Open the run of {0}', agent)} onClick={() => session.open(child.run)}>{l10n.t('Open')}</button>
      {!open.value && run !== undefined && !isTerminal(run.state) && <Words id={child.run} />}
      {run?.error !== undefined && <p class="call-problem">{oneLine(run.error.message, 300)}</p>}
    </>
  );
}

function Facts({ run, label }: { readonly run: TeamRun; readonly label: string }) {
  const { clock } = useSession();
  const { inputTokens, outputTokens, tokensMark, costUsd, costMark } = run.use;
  const tokens = inputTokens + outputTokens;
  const ms = runDuration(run, run.endedAt === undefined ? clock.now.value : 0);
  const parts = [
    label,
    tokens === 0 ? '' : tokensMark === 'estimated' ? l10n.t('about {0} tokens', count(tokens)) : l10n.t('{0} tokens', count(tokens)),
    tokens === 0 ? '' : cost(costUsd ?? 0, costUsd === undefined ? 'unknown' : (costMark ?? 'computed')),
    ms === undefined ? '' : formatDuration(ms),
  ];
  return <>{parts.filter((part) => part !== '').join(' · ')}</>;
}

/** The last words that its model has said so far, in one line. */
function Words({ id }: { readonly id: string }) {
  const session = useSession();
  const model = useMemo(() => new ChatModel(session.client, id), [id]);
  useEffect(() => session.listen(model), [model]);
  useEffect(() => session.attempt(model.watch()), [model]);
  const { text = '', reasoning = '' } = model.typing.value ?? {};
  const words = oneLine((text === '' ? reasoning : text).trimEnd().slice(-wordsShown), wordsShown);
  return words === '' ? null : <p class="child-words hint" aria-hidden="true"><bdi>{words}</bdi></p>;
}

/** Read anew whenever its run has gone on, which the row above it tells. */
function Inside({ id, run, agent, show }: { readonly id: string; readonly run: TeamRun | undefined; readonly agent: string; readonly show: ShowItems }) {
  const session = useSession();
  const model = useMemo(() => new ChatModel(session.client, id), [id]);
  const moved = run === undefined ? '' : `${run.state} ${run.steps} ${run.use.outputTokens} ${isTerminal(run.state) ? '' : session.clock.now.value}`;
  useEffect(() => session.listen(model), [model]);
  useEffect(() => session.attempt(model.refresh()), [model, moved]);
  const items = model.items.value;
  return (
    <section class="child-inside" aria-label={l10n.t('Steps of {0}', agent)}>
      {items === undefined && <p class="loading">{l10n.t('Reading the run…')}</p>}
      {items && (items[0]?.index ?? 0) > 0 && <button type="button" class="button" onClick={() => session.attempt(model.earlier())}>{l10n.t('Show what came before ({0})', items[0]?.index ?? 0)}</button>}
      {items && show(items, model)}
    </section>
  );
}
