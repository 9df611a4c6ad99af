import type { Runtime } from '../../src/runtime.ts';
import { pageLimits } from '../../src/shared/protocol-schema.ts';
import { RpcClient } from '../../src/shared/rpc.ts';
import { PanelService } from '../../src/vscode/panel-service.ts';
import { wirePair } from '../unit/shared/wire-pair.ts';
import { historyOf } from '../webview/harness/history.ts';
import { FakeFigures } from '../webview/harness/figures.ts';
import { tasksOf } from '../webview/harness/tasks.ts';

export interface PanelMessages extends Disposable {
  /** Asks for all that a page can show of a run, and gives every message that the panel was sent from the beginning, stored values as text beside them. */
  everythingOf(run: string): Promise<readonly string[]>;
}

const allOpen = { rest: 'open', except: [] } as const;

/** The panel's own service on a runtime, with a page that follows each run from its first event on, keeps what it is sent, and says no to every question. */
export function panelMessages(runtime: Runtime): PanelMessages {
  const [page, host] = wirePair();
  const problems: string[] = [];
  const log = (message: string) => void problems.push(message);
  const refuse = () => Promise.reject(new Error('Nothing is started from this page.'));
  const service = new PanelService({
    wire: host, history: historyOf(runtime.store), tasks: tasksOf(runtime), figures: new FakeFigures(), settings: () => ({ sendWith: 'enter' }), workspace: () => runtime.workspace, log,
    actions: { isLive: () => true, cancel: () => false, again: refuse, exportRun: refuse, reload: () => undefined, openSource: refuse },
  });
  const client = new RpcClient({ wire: page, log });
  const followed = runtime.store.onAppend((events) => {
    // What a model says is sent to the page only of the run that the page shows.
    for (const { type, run } of events) if (type === 'run.created') client.request('run.detail', { run }).catch((error: unknown) => log(String(error)));
  });
  // A page that listens counts as somebody who can answer: without this, a run that asks waits for it.
  const asked = client.on('approvals', () => void refuseAll().catch((error: unknown) => log(String(error))));
  const refuseAll = async () => {
    const { approvals, questions } = await client.request('approvals.pending', {});
    for (const { id } of approvals) await client.request('approvals.answer', { id, answer: { answer: 'deny' } });
    for (const { ask } of questions) await client.request('chat.answer', { ask });
  };
  return {
    everythingOf: async (run) => {
      await client.request('panel.hello', { run });
      const { items: runs } = await client.request('runs.list', { limit: pageLimits.runs });
      await client.request('run.detail', { run });
      const { rows } = await client.request('run.spans', { run, offset: 0, limit: pageLimits.spans, fold: allOpen });
      const spans = await Promise.all(rows.map(({ id }) => client.request('run.span', { run, span: id })));
      await Promise.all(rows.map(({ id }) => client.request('chat.inside', { run, step: id, limit: 50 })));
      await client.request('run.leases', { run });
      await client.request('run.network', { run });
      await client.request('run.bill', { run });
      await client.request('run.log', { run, limit: pageLimits.lines });
      await client.request('chat.items', { run, limit: 100 });
      await client.request('chat.session', { run });
      await client.request('chat.team', { run });
      await client.request('approvals.pending', {});
      while ((await client.request('usage.report', { everywhere: true })).report === undefined);
      const title = runs.find(({ id }) => id === run)?.title.split(' ')[0] ?? '';
      await client.request('history.search', { query: title, limit: 10 });
      const hashes = new Set(JSON.stringify([spans, runtime.events(run)]).match(/(?<="blob":")[0-9a-f]{64}/g));
      const blobs = await Promise.all([...hashes].map((hash) => client.request('blob.read', { hash, offset: 0, length: pageLimits.blobBytes })));
      if (problems.length > 0) throw new Error(`The panel had trouble: ${problems.join('; ')}`);
      return [...page.received.map((message) => JSON.stringify(message)), ...blobs.map(({ data }) => Buffer.from(data, 'base64').toString('latin1'))];
    },
    [Symbol.dispose]: () => {
      followed[Symbol.dispose]();
      asked[Symbol.dispose]();
      client[Symbol.dispose]();
      service[Symbol.dispose]();
    },
  };
}
