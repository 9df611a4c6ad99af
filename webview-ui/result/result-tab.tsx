import type { RunView } from '../../src/shared/protocol.ts';
import type { LogModel } from '../state/log-model.ts';
import { ResultView } from '../verify/result-view.tsx';
import { AboutRun } from './about-run.tsx';
import { ErrorView } from './error-view.tsx';
import { LogView } from './log-view.tsx';
import { ProgressView } from './progress-view.tsx';

export function ResultTab({ view: { run }, log }: { readonly view: RunView; readonly log: LogModel }) {
  return (
    <div class="sections">
      <ProgressView run={run} log={log} />
      {run.error && <ErrorView error={run.error} tone={run.state === 'failed' ? 'bad' : 'wait'} />}
      {run.result && <ResultView value={run.result} source={run.source} />}
      <LogView run={run} log={log} />
      <AboutRun run={run} />
    </div>
  );
}
