import type { PanelHistory } from '../../../src/vscode/panel-ports.ts';
import { RunTraces } from '../../../src/vscode/run-traces.ts';
import type { RunStore } from '../../../src/store/run-store.ts';

/** The records of one store, read and cached the way the extension does it. */
export function historyOf(store: RunStore): PanelHistory {
  const read: PanelHistory['read'] = async (work) => work(store);
  const traces = new RunTraces(read);
  return {
    read,
    events: (run) => traces.events(run),
    spans: (run) => traces.spans(run),
    beginning: (run) => traces.beginning(run),
    onDidChange: (listener) => {
      const subscription = store.onAppend((events) => listener([...new Set(events.map(({ run }) => run))]));
      return { dispose: () => subscription[Symbol.dispose]() };
    },
  };
}
