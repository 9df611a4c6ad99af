import * as l10n from '@vscode/l10n';
import type { RunView } from '../../src/shared/protocol.ts';
import type { LogModel } from '../state/log-model.ts';
import { StoredView } from '../value/stored-view.tsx';
import { AboutRun } from './about-run.tsx';
import { ErrorView } from './error-view.tsx';
import { LogView } from './log-view.tsx';
import { ProgressView } from './progress-view.tsx';

export function ResultTab({ view: { run }, log }: { readonly view: RunView; readonly log: LogModel }) {
  return (
    <div class="sections">
      <ProgressView run={run} log={log} />
      {run.error && <ErrorView error={run.error} tone={run.state === 'failed' ? 'bad' : 'wait'} />}
      {run.result && (
        <section class="section">
          <StoredView value={run.result} heading={l10n.t('Result')} level={2} />
        </section>
      )}
      <LogView run={run} log={log} />
      <AboutRun run={run} />
    </div>
  );
}
