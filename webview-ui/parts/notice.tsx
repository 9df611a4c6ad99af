import * as l10n from '@vscode/l10n';
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

export interface NoticeProps {
  readonly tone: 'bad' | 'wait' | 'good' | 'busy';
  readonly icon: IconName;
  readonly children: ComponentChildren;
  readonly onDismiss?: () => void;
}

/** A framed message inside the page. Alerts are announced by the live region of the page, so it has no role of its own. */
export function Notice({ tone, icon, children, onDismiss }: NoticeProps) {
  return (
    <div class={`notice notice-${tone}`}>
      <Icon name={icon} tone={tone} />
      <div class="notice-text">{children}</div>
      {onDismiss && (
        <button type="button" class="button quiet icon-only" onClick={onDismiss} title={l10n.t('Dismiss')} aria-label={l10n.t('Dismiss')}>
          <Icon name="cross" />
        </button>
      )}
    </div>
  );
}
