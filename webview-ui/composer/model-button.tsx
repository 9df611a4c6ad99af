import * as l10n from '@vscode/l10n';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';

/** The model of the next task, what it can do, and the way to another one. */
export function ModelButton() {
  const session = useSession();
  const { composer } = session;
  const model = composer.model.value;
  const label = model === undefined ? l10n.t('Looking for models…') : model.blocked !== undefined ? model.label : model.none ? l10n.t('No model') : model.id === undefined ? l10n.t('Choose a model') : model.label;
  const abilities = model?.abilities.join(', ') ?? '';
  return (
    <button
      type="button" class="button quiet model-button" title={abilities === '' ? l10n.t('Choose a model') : `${model?.id ?? ''}: ${abilities}`}
      aria-label={l10n.t('Model: {0}', abilities === '' ? label : `${label}, ${abilities}`)} onClick={() => void session.act(() => composer.chooseModel())}
    >
      <Icon name="model" />
      <span class="model-name">{oneLine(label, 60)}</span>
    </button>
  );
}
