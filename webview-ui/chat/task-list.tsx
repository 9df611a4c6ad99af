import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import type { PlanStep } from '../../src/shared/events.ts';
import { Icon } from '../parts/icon.tsx';
import { oneLine } from '../text.ts';

/** The steps that the model has set itself, as they stand. Closed it still says which one is at work. */
export function TaskList({ steps, going }: { readonly steps: readonly PlanStep[]; readonly going: boolean }) {
  const open = useSignal(false);
  if (steps.length === 0) return null;
  const done = steps.filter(({ state }) => state === 'done').length;
  const current = steps.find(({ state }) => state === 'doing');
  return (
    <details class="task-list" open={open.value} onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>
        <Icon name="list" />
        <span>{l10n.t('Task list: {0} of {1}', done, steps.length)}</span>
        {current && going && !open.value && <span class="hint task-current">{oneLine(current.text, 120)}</span>}
      </summary>
      <ol class="plain">
        {steps.map((step, index) => (
          <li key={index} class={`task task-${step.state}`}>
            <Icon name={step.state === 'done' ? 'check' : step.state === 'doing' && going ? 'spinner' : 'clock'} tone={step.state === 'done' ? 'good' : step.state === 'doing' ? 'busy' : 'quiet'} />
            <span>{oneLine(step.text, 300)}</span>
            <span class="visually-hidden">{stateWord(step.state)}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}

function stateWord(state: PlanStep['state']): string {
  switch (state) {
    case 'done': return l10n.t('done');
    case 'doing': return l10n.t('at work');
    case 'open': return l10n.t('open');
  }
}
