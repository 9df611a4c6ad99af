import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventsOf, eventually, recorded } from './recorded.ts';
import { describe, it } from './spec.ts';

async function invoke(name: string, input: object, token?: vscode.CancellationToken): Promise<string> {
  const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined }, token);
  return result.content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
}

const newest = () => recorded((store) => store.runs({ limit: 1 }).items[0]);

describe('tools of the chat', () => {
  it('are offered with schemas', () => {
    const ours = vscode.lm.tools.filter(({ name }) => name.startsWith('assassin_'));
    assert.deepEqual(ours.map(({ name }) => name).sort(), ['assassin_read_page', 'assassin_run_chain', 'assassin_run_code', 'assassin_search_servers', 'assassin_search_tools']);
    for (const { inputSchema } of ours) assert.equal((inputSchema as { readonly type?: unknown } | undefined)?.type, 'object');
  });

  it('run a chain with its own grants, as a run on record with everything destroyed', async () => {
    assert.match(await invoke('assassin_run_chain', { chain: 'hello' }), /^Run run_\w+ ended well\./);
    const run = newest();
    assert.equal(run?.state, 'done');
    const events = eventsOf(run?.id ?? '');
    assert.equal(events.filter(({ type }) => type === 'lease.created').length, events.filter((event) => event.type === 'lease.destroyed' && event.verified).length);
  });

  it('run code in a sandbox that has no Node', async () => {
    const text = await invoke('assassin_run_code', { code: "export default () => ({ sum: [1, 2, 3].reduce((a, b) => a + b), node: typeof process });" });
    assert.match(text, /"sum": 6,\s+"node": "undefined"/);
    assert.equal(newest()?.title, 'Code from the chat');
  });

  it('find tools without starting anything', async () => {
    assert.match(await invoke('assassin_search_tools', { query: 'take a screenshot of a page' }), /page\.screenshot/);
    assert.deepEqual(eventsOf(newest()?.id ?? '').filter(({ type }) => type === 'lease.created'), []);
  });

  it('look for published servers in what was fetched last, and fetch nothing', async () => {
    assert.match(await invoke('assassin_search_servers', { query: 'send invoices' }), /"servers": \[\],[\s\S]*The catalogue is empty/);
    assert.deepEqual(eventsOf(newest()?.id ?? '').filter(({ type }) => type === 'lease.created'), []);
  });

  it('say why a run failed, and start nothing for an input that is no use', async () => {
    await assert.rejects(invoke('assassin_run_code', { code: "export default () => { throw new Error('not today'); };" }), /not today/);
    const before = newest()?.id;
    await assert.rejects(invoke('assassin_read_page', { url: 'file:///etc/passwd' }), /no web address/);
    await assert.rejects(invoke('assassin_run_chain', { chain: 'no-such-chain' }), /no-such-chain/);
    assert.equal(newest()?.id, before);
  });

  it('end their run when the chat stops them', async () => {
    const source = new vscode.CancellationTokenSource();
    const before = newest()?.id;
    const failed = assert.rejects(invoke('assassin_run_code', { code: 'export default () => { for (;;); };' }, source.token));
    await eventually('the run', () => newest()?.id !== before && newest()?.state === 'running');
    source.cancel();
    await failed;
    source.dispose();
    assert.equal(newest()?.state, 'cancelled');
  });
});
