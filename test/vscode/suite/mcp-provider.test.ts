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
      return served('chain_hello');
    }, 90_000);
    const result = await vscode.lm.invokeTool(tool.name, { input: {}, toolInvocationToken: undefined });
    assert.match(JSON.stringify(result.content), /Hello, world/);
    assert.equal(recorded((store) => store.runs({ limit: 1 }).items[0])?.title, 'hello');
  });

  it('has nothing that the chat has as a tool of its own: each thing is offered once', () => {
    const names = vscode.lm.tools.map(({ name }) => name);
    for (const [own, other] of [['assassin_run_code', 'run_code'], ['assassin_read_page', 'open_page'], ['assassin_search_tools', 'search_tools'], ['assassin_search_servers', 'search_servers']] as const) {
      assert.deepEqual([names.includes(own), names.some((name) => name.startsWith('mcp_') && name.endsWith(other))], [true, false], names.join(', '));
    }
    assert.deepEqual(['call_tool', 'verify_page'].map((name) => served(name) !== undefined), [true, true], names.join(', '));
    // A chain is a tool with its own schema there, which is more than one tool for all chains. The editor tells extensions of tools that it offers to no model, so that only the condition can be looked at.
    const { contributes } = extensionUnderTest().packageJSON as { readonly contributes: { readonly languageModelTools: readonly { readonly name: string; readonly when: string }[] } };
    assert.match(contributes.languageModelTools.find(({ name }) => name === 'assassin_run_chain')?.when ?? '', / && !config\.infrastructureAssassin\.mcp\.serveToEditor$/);
  });

  it('is withdrawn when the setting is turned off', async () => {
    await withSetting('mcp.serveToEditor', false, () => eventually('the tools have gone', () => served('chain_hello') === undefined));
  });
});
