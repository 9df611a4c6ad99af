import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { toErrorInfo, type ErrorInfo } from '../../src/shared/errors.ts';
import type { OfStep, OpenedView } from '../../src/shared/protocol-views.ts';
import { ErrorView } from '../result/error-view.tsx';
import { useSession } from '../state/use-session.ts';
import { visible } from '../text.ts';
import { canBeWalled } from './view-document.ts';
import { ViewFrame } from './view-frame.tsx';

type State = { readonly is: 'opening' } | { readonly is: 'failed'; readonly error: ErrorInfo } | { readonly is: 'open'; readonly opened: OpenedView } | { readonly is: 'asleep' } | { readonly is: 'cutOff'; readonly detail: string };

/** The view of one recorded call, for as long as it is on the page. */
export function McpView(of: OfStep) {
  if (canBeWalled()) return <RunningView {...of} />;
  return <div class="mcp-view"><p role="status">{l10n.t('This browser cannot keep a view of an MCP server from the network, so that none is shown. Use a browser with Trusted Types (Chrome, Edge, Firefox from 148 on, Safari from 26 on), or the editor on the desktop.')}</p></div>;
}

function RunningView({ run, step }: OfStep) {
  const session = useSession();
  const { client } = session;
  const state = useSignal<State>({ is: 'opening' });
  const round = useSignal(0);
  const close = (view: string) => void client.request('view.close', { view }).catch(() => undefined);
  useEffect(() => {
    let current = true;
    let open: string | undefined;
    state.value = { is: 'opening' };
    client.request('view.open', { run, step }).then(
      (opened) => {
        // Folded again while it was being read.
        if (!current) return close(opened.view);
        open = opened.view;
        state.value = { is: 'open', opened };
      },
      (error: unknown) => {
        if (current) state.value = { is: 'failed', error: toErrorInfo(error) };
      },
    );
    const ended = client.on('viewEnded', ({ view, why, detail }) => {
      if (view !== open) return;
      open = undefined;
      state.value = why === 'asleep' ? { is: 'asleep' } : { is: 'cutOff', detail };
    });
    return () => {
      current = false;
      ended[Symbol.dispose]();
      if (open !== undefined) close(open);
    };
  }, [round.value]);
  const again = <button type="button" class="button" onClick={() => (round.value += 1)}>{state.value.is === 'failed' ? l10n.t('Try again') : l10n.t('Show it again')}</button>;
  const now = state.value;
  switch (now.is) {
    case 'opening':
      return <p class="loading" role="status">{l10n.t('Reading the view…')}</p>;
    case 'failed':
      return <div class="mcp-view"><ErrorView error={now.error} tone="wait" /><p>{again}</p></div>;
    case 'asleep':
      return <div class="mcp-view"><p role="status">{l10n.t('This view is asleep, because others were opened after it. What was typed in it is gone.')}</p><p>{again}</p></div>;
    case 'cutOff':
      return <div class="mcp-view"><p role="status">{l10n.t('The view was closed: {0}.', visible(now.detail))}</p><p>{again}</p></div>;
    case 'open':
      return (
        <div class="mcp-view">
          <p class="hint">{visible(now.opened.from)} {l10n.t('Escape leaves it.')}</p>
          <ViewFrame
            key={now.opened.view} opened={now.opened}
            cutOff={(detail) => {
              close(now.opened.view);
              state.value = { is: 'cutOff', detail };
            }}
          />
          <p><button type="button" class="link" onClick={() => void session.act(async () => void (await client.request('view.tab', { run, step })))}>{l10n.t('Open in its own tab')}</button></p>
        </div>
      );
  }
}
