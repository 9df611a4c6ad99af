import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import type { OfStep } from '../../src/shared/protocol-views.ts';
import { Later } from './later.tsx';

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
