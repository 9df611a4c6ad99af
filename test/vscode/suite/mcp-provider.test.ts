import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extensionUnderTest } from './extension-under-test.ts';
import { eventually, recorded, withSetting } from './recorded.ts';
import { after, describe, it } from './spec.ts';

const serverId = () => `${extensionUnderTest().id.toLowerCase()}/Infrastructure Assassin`;
const served = (name: string) => vscode.lm.tools.find((tool) => tool.name.startsWith('mcp_') && tool.name.endsWith(name));

describe('the MCP server that the editor is offered', () => {
  after(() => vscode.commands.executeCommand('workbench.mcp.stopServer', serverId()));

  it('starts in the editor, whose chat then has its tools and calls them as recorded runs', async () => {
    await extensionUnderTest().activate();
    const tool = await eventually('the tools of the server', async () => {
      await vscode.commands.executeCommand('workbench.mcp.startServer', serverId(), { waitForLiveTools: true });
      return served('run_code');
    }, 90_000);
    assert.ok(served('chain_hello'), `a chain is a tool among ${vscode.lm.tools.map(({ name }) => name).join(', ')}`);
    const result = await vscode.lm.invokeTool(tool.name, { input: { code: 'export default () => 6 * 7;' }, toolInvocationToken: undefined });
    assert.match(JSON.stringify(result.content), /42/);
    assert.equal(recorded((store) => store.runs({ limit: 1 }).items[0])?.title, 'run_code');
  });

  it('is withdrawn when the setting is turned off', async () => {
    await withSetting('mcp.serveToEditor', false, () => eventually('the tools have gone', () => served('run_code') === undefined));
  });
});
