import * as l10n from '@vscode/l10n';
import type { SetupWay } from '../../src/shared/setup-ways.ts';
import { useSession } from '../state/use-session.ts';

/** Buttons that lead to where what is missing can be had. */
export function Ways({ ways }: { readonly ways: readonly SetupWay[] }) {
  const session = useSession();
  return <>{ways.map((way) => <button key={way} type="button" class="button" onClick={() => void session.act(() => session.composer.setUp(way))}>{labelOf(way)}</button>)}</>;
}

function labelOf(way: SetupWay): string {
  switch (way) {
    case 'copilot':
      return l10n.t('Sign in to Copilot');
    case 'ollama':
      return l10n.t('Install Ollama');
    case 'provider':
      return l10n.t('Add a provider');
    case 'trust':
      return l10n.t('Manage workspace trust');
    case 'folder':
      return l10n.t('Open folder…');
    case 'browser':
      return l10n.t('Download a browser…');
    case 'browserPath':
    case 'budget':
    case 'settings':
      return l10n.t('Open settings');
  }
}
