import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { workspaceFolder } from './extension-under-test.ts';
import { command, ended, eventually, withSetting, writeFile } from './recorded.ts';
import { describe, it } from './spec.ts';

/** Says that its tools have changed, and has no `leave` any more, once that was called. */
const server = `
  import { createInterface } from 'node:readline';
  const say = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
  const names = ['stay', 'leave'];
  const answers = {
    initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: { listChanged: true } }, serverInfo: { name: 'changing', version: '1' } }),
    'tools/list': () => ({ tools: names.map((name) => ({ name, description: 'The tool ' + name + '.', inputSchema: { type: 'object' } })) }),
    'tools/call': () => ({ content: [{ type: 'text', text: 'left' }] }),
  };
  createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method, params = {} } = JSON.parse(line);
    if (id === undefined) return;
    say({ id, ...(answers[method] ? { result: answers[method](params) } : { error: { code: -32601, message: 'unknown' } }) });
    if (method !== 'tools/call' || names.length === 1) return;
    names.pop();
    say({ method: 'notifications/tools/list_changed' });
  });
`;

describe('Tools that change while a chain is open', () => {
  it('change its types as soon as the server says so', async () => {
    const types = async () => readFile(vscode.Uri.joinPath(workspaceFolder(), '.assassin', 'types', 'mcp.d.ts').fsPath, 'utf8').catch(() => '');
    const script = await writeFile('changing.mjs', server);
    await withSetting('mcp.servers', { changing: { command: 'node', args: [script.fsPath] } }, async () => {
      const chain = await writeFile('.assassin/chains/leave.ts', "import { mcp } from 'assassin';\nexport const meta = { grants: ['mcp changing:leave'] };\nexport default async function () {\n  return await mcp.changing.leave({});\n}\n");
      await vscode.window.showTextDocument(chain);
      await eventually('the start', async () => {
        await command('startMcpServer', 'changing');
        return true;
      });
      await eventually('both tools in the types', async () => /readonly changing: \{[^}]*leave\(/s.test(await types()));
      const run = await ended(await command('runChain', chain));
      assert.equal(run.state, 'done', JSON.stringify(run.error));
      const after = await eventually('the types without it', async () => {
        const text = await types();
        return !text.includes('leave(') && text;
      });
      assert.match(after, /readonly changing: \{[^}]*stay\(/s);
      await command('stopMcpServer', 'changing');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.workspace.fs.delete(chain);
    });
    await vscode.workspace.fs.delete(script);
  });
});
