import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Icon } from './icon.tsx';

const toldMs = 1500;

/** `text` is called when it is pressed: making it beforehand would hold a second copy of every value. */
export function CopyButton({ text, label }: { readonly text: () => string | Promise<string>; readonly label?: string }) {
  const outcome = useSignal<'none' | 'copied' | 'failed'>('none');
  useEffect(() => {
    if (outcome.value === 'none') return undefined;
    const timer = window.setTimeout(() => (outcome.value = 'none'), toldMs);
    return () => window.clearTimeout(timer);
  }, [outcome.value]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(await text());
      outcome.value = 'copied';
    } catch {
      outcome.value = 'failed';
    }
  };
  const idle = label ?? l10n.t('Copy');
  const told = outcome.value === 'copied' ? l10n.t('Copied') : outcome.value === 'failed' ? l10n.t('Not copied') : idle;
  return (
    <button type="button" class="button quiet copy-button" onClick={() => void copy()}>
      <Icon name={outcome.value === 'copied' ? 'check' : 'copy'} />
      <span aria-live="polite">{told}</span>
    </button>
  );
}
