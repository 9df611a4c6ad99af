import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { workspaceFolder } from './extension-under-test.ts';
import { command, ended, eventsOf, eventually, provided, resultOf, withSetting, writeFile } from './recorded.ts';
import { describe, it } from './spec.ts';

const source = 'export default function double({ n = 0 }: { n?: number }) { return n * 2; }\nexport const twice = (input: { n: number }) => input.n * 2;\n';

async function titlesOf(uri: vscode.Uri): Promise<readonly string[]> {
  await vscode.workspace.openTextDocument(uri);
  const lenses = await provided<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 50);
  return lenses.flatMap(({ command: lens }) => (lens?.command.startsWith('infrastructureAssassin.') ? [lens.title.replace(/^\$\([^)]*\) /, '')] : []));
}

async function addressFromClipboard(): Promise<{ readonly url: string; readonly token: string }> {
  await command('copyServing');
  const text = await vscode.env.clipboard.readText();
  const [, token = ''] = /Bearer ([\w-]+)"/.exec(text) ?? [];
  const [, url = ''] = /(http:\S+)$/.exec(text) ?? [];
  return { url, token };
}

describe('serving a function', () => {
  it('answers on a port with a token, until it is stopped, and leaves nothing', async () => {
    const uri = await writeFile('src/served.ts', source);
    try {
      const id = await command<string>('serveFunction', { uri, name: 'twice', hasParameters: true });
      await eventually('the lens to stop it', async () => (await titlesOf(uri)).includes('Stop serving'));
      const { url, token } = await addressFromClipboard();
      const call = (authorization: string) => fetch(url, { method: 'POST', body: '{"n":21}', headers: { authorization } });
      const answer = await call(`Bearer ${token}`);
      assert.deepEqual([answer.status, await answer.text()], [200, '42']);
      assert.equal((await call('Bearer of-another')).status, 401);
      assert.equal(await command('serveFunction', { uri, name: 'twice', hasParameters: true }), id, 'it is not served twice');
      await command('stopServing', id);
      assert.equal((await ended(id)).state, 'done');
      assert.deepEqual(resultOf(id), { url, calls: 1, failed: 0, refused: 0, turnedAway: 1 });
      const events = eventsOf(id);
      assert.ok(events.filter(({ type }) => type === 'lease.destroyed').every((event) => event.type === 'lease.destroyed' && event.verified));
      assert.ok(!JSON.stringify(events).includes(token), 'the token is in no record');
      await assert.rejects(call(`Bearer ${token}`));
      await eventually('the lens as before', async () => !(await titlesOf(uri)).includes('Stop serving') && (await titlesOf(uri)).includes('Serve'));
    } finally {
      await vscode.workspace.fs.delete(uri);
    }
  });

  it('that cannot run here says why in its run', async () => {
    const uri = await writeFile('src/needs-node.ts', "import { hostname } from 'node:os';\nexport const host = () => hostname();\n");
    try {
      const run = await ended(await command('serveFunction', { uri, name: 'host', hasParameters: false }));
      assert.equal(run.state, 'failed');
      assert.match(run.error?.message ?? '', /needs Node/);
    } finally {
      await vscode.workspace.fs.delete(uri);
    }
  });

  it('is denied where a rule denies it', async () => {
    await withSetting('rules', [{ effect: 'deny', grant: 'fn.serve' }], async () => {
      const uri = vscode.Uri.joinPath(workspaceFolder(), 'src', 'math.ts');
      const run = await ended(await command('serveFunction', { uri, name: 'add', hasParameters: true }));
      assert.equal(run.error?.code, 'denied');
    });
  });
});

describe('a function that needs Node', () => {
  const uri = () => vscode.Uri.joinPath(workspaceFolder(), 'src', 'files.ts');

  it('runs in a Node process of its own, which its run says, and again in one', async () => {
    await withSetting('rules', [{ effect: 'allow', grant: 'node src/files.ts' }], async () => {
      const target = { uri: uri(), name: 'read', hasParameters: false };
      const first = await ended(await command('runFunctionInNode', target));
      assert.equal(first.title, 'read() in Node, weaker isolation');
      // Its one parameter was not given: Node says so, and no sandbox does.
      assert.match(first.error?.message ?? '', /ERR_INVALID_ARG_TYPE|must be of type string/);
      assert.ok(eventsOf(first.id).some((event) => event.type === 'lease.destroyed' && event.verified));
      await eventually('the run in the lens', async () => (await titlesOf(uri())).some((title) => title.startsWith('last run: failed')));
      const again = await ended(await command('runAgain', { kind: 'run', id: first.id }));
      assert.equal(again.title, first.title);
    });
  });

  it('does not run there where a rule denies it', async () => {
    await withSetting('rules', [{ effect: 'deny', grant: 'node **' }], async () => {
      const run = await ended(await command('runFunctionInNode', { uri: uri(), name: 'read', hasParameters: false }));
      assert.equal(run.error?.code, 'denied');
      assert.deepEqual(eventsOf(run.id).filter(({ type }) => type === 'lease.created'), []);
    });
  });
});

describe('a run of a served function', () => {
  it('is served again when it is run again', async () => {
    const target = { uri: vscode.Uri.joinPath(workspaceFolder(), 'src', 'math.ts'), name: 'add', hasParameters: true };
    const first = await command<string>('serveFunction', target);
    await command('stopServing', first);
    await ended(first);
    const second = await command<string>('runAgain', { kind: 'run', id: first });
    const { url, token } = await addressFromClipboard();
    assert.equal((await fetch(url, { method: 'POST', body: '1', headers: { authorization: `Bearer ${token}` } })).status, 200);
    await command('stopServing', second);
    assert.equal((await ended(second)).state, 'done');
  });
});
