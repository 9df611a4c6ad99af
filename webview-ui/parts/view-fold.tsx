import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import type { OfStep } from '../../src/shared/protocol-views.ts';
import type { Span } from '../../src/shared/dto.ts';
import { useSession } from '../state/use-session.ts';
import { useLoaded } from '../value/use-loaded.ts';
import { Later } from './later.tsx';

type CalledStep = Pick<Span, 'name' | 'status'>;

/** Those of the steps' names that are tools of MCP servers with a view; steps that did not end well have nothing to show in it. */
export function useViews(steps: readonly CalledStep[]): ReadonlySet<string> {
  const { client } = useSession();
  const names = [...new Set(steps.filter(({ name, status }) => status === 'ok' && name.startsWith('mcp.')).map(({ name }) => name))].slice(0, 100);
  const loaded = useLoaded(names.join('\n'), async () => (names.length === 0 ? [] : (await client.request('view.declared', { tools: names })).tools));
  return new Set(loaded.state === 'loaded' ? loaded.value : []);
}

/** The view of a call, below it: read and run while it is unfolded. */
export function ViewFold({ run, step }: OfStep) {
  const open = useSignal(false);
  return (
    <details class="view-fold" onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>{l10n.t('Show view')}</summary>
      {open.value && <Later load={async () => {
        const { McpView } = await import('../mcp-view/mcp-view.tsx');
        return () => <McpView run={run} step={step} />;
      }} />}
    </details>
  );
}
