import * as l10n from '@vscode/l10n';
import { describeError, fromErrorInfo, type ErrorInfo } from '../../src/shared/errors.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { waysOutOf } from '../../src/shared/setup-ways.ts';
import { Icon } from '../parts/icon.tsx';
import { Ways } from '../parts/ways.tsx';
import { useSession } from '../state/use-session.ts';
import { oneLine } from '../text.ts';
import { JsonTree } from '../value/json-tree.tsx';
import { asJson } from '../value/shape.ts';
import { LongText } from '../value/long-text.tsx';

/** What happened, what to do next, and where in the source. */
export function ErrorView({ error, tone }: { readonly error: ErrorInfo; readonly tone: 'bad' | 'wait' }) {
  const session = useSession();
  const { code, hint, location, data } = error;
  const json = data === undefined ? undefined : asJson(data);
  return (
    <section class={`error error-${tone}`} aria-label={l10n.t('Error')}>
      <div class="error-head">
        <Icon name={tone === 'bad' ? 'cross' : 'warning'} tone={tone} />
        <div class="error-message"><LongText text={error.message} /></div>
        <code class="error-code">{code}</code>
      </div>
      {hint !== undefined && <div class="hint"><LongText text={hint} /></div>}
      <div class="error-foot">
        {location && (
          <button type="button" class="link" onClick={() => void session.openSource(location)} title={l10n.t('Open this place in the editor')}>
            <bdi>{oneLine(location.file, 200)}</bdi>:{location.line}:{location.column}
          </button>
        )}
        <Ways ways={waysOutOf(error)} />
        <CopyButton text={() => `[${code}] ${describeError(fromErrorInfo(error))}`} />
      </div>
      {json !== undefined && (
        <details>
          <summary>{l10n.t('Details')}</summary>
          <JsonTree value={json} label={l10n.t('Details')} />
        </details>
      )}
    </section>
  );
}
