import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { workspaceFolder } from './extension-under-test.ts';
import { command, ended, eventsOf, eventually, provided, recorded, resultOf, withSetting, writeFile } from './recorded.ts';
import { after, describe, it } from './spec.ts';

const configFile = () => vscode.Uri.joinPath(workspaceFolder(), '.vscode', 'mcp.json');
const typesFile = () => vscode.Uri.joinPath(workspaceFolder(), '.assassin', 'types', 'mcp.d.ts').fsPath;

async function lensTitles(uri: vscode.Uri = configFile()): Promise<readonly string[]> {
  await vscode.workspace.openTextDocument(uri);
  const lenses = await provided<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 50);
  return lenses.flatMap(({ command: lens }) => (lens?.command.startsWith('infrastructureAssassin.') ? [lens.title.replace(/^\$\([^)]*\) /, '')] : []));
}

describe('MCP servers', () => {
  after(() => command('stopMcpServer', 'everything'));

  it('start by command, and their lens tells how many tools they have', async () => {
    await eventually('the lens to say Start', async () => (await lensTitles()).includes('Start'));
    await command('startMcpServer', 'everything');
    const titles = await eventually('Stop and the tools in the lens', async () => {
      const found = await lensTitles();
      return found.includes('Stop') && found;
    });
    assert.deepEqual(titles.slice(0, 2), ['Stop', 'Restart']);
    assert.match(titles[2] ?? '', /^\d+ tools$/);
    await command('restartMcpServer', 'everything');
    await eventually('the lens after a restart', async () => (await lensTitles()).includes('Stop'));
  });

  it('become types of chains once their tools are known', async () => {
    const types = await eventually('the tools in the types', async () => {
      const text = await readFile(typesFile(), 'utf8').catch(() => '');
      return text.includes('readonly everything') && text;
    });
    assert.match(types, /"get-sum"\(args: \{/);
  });

  it('serve chains while a person holds them, and after', async () => {
    const uri = await writeFile('.assassin/chains/sum.ts', "import { mcp } from 'assassin';\nexport const meta = { grants: ['mcp everything:get-sum'] };\nexport default async function () {\n  return await mcp.everything['get-sum']({ a: 40, b: 2 });\n}\n");
    const held = await ended(await command('runChain', uri));
    assert.equal(held.state, 'done', JSON.stringify(held.error));
    assert.match(String(resultOf(held.id)), /42/);
    await command('stopMcpServer', 'everything');
    const own = await ended(await command('runChain', uri));
    assert.equal(own.state, 'done', JSON.stringify(own.error));
    assert.match(String(resultOf(own.id)), /42/);
    await vscode.workspace.fs.delete(uri);
  });

  it('give their prompts to the place where a task is written, as a run with that grant alone', async () => {
    const before = recorded((store) => store.runs({ limit: 50 }).items.map(({ id }) => id));
    const done = command('usePrompt', 'everything');
    const run = await eventually('a run of the prompt that is picked first', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return recorded((store) => store.runs({ limit: 50 }).items.find(({ id, source }) => source === 'prompts.get' && !before.includes(id)));
    });
    const end = await ended(run.id);
    await done;
    assert.equal(end.state, 'done', JSON.stringify(end.error));
    assert.match(JSON.stringify(resultOf(run.id)), /simple prompt without arguments/i);
    assert.deepEqual(eventsOf(run.id).flatMap((event) => (event.type === 'run.created' ? event.grants : [])), ['mcp everything:prompts/get']);
  });

  it('stop by command, and keep their types', async () => {
    await command('startMcpServer', 'everything');
    await eventually('the lens to say Stop', async () => (await lensTitles()).includes('Stop'));
    await command('stopMcpServer', 'everything');
    await eventually('the lens to say Start', async () => (await lensTitles()).includes('Start'));
    await command('regenerateTypes');
    assert.match(await readFile(typesFile(), 'utf8'), /readonly everything/);
  });

  it('are started again after a change of settings, if a person had started them', async () => {
    await command('startMcpServer', 'everything');
    await withSetting('budget.steps', 500, async () => {
      // The next need opens the new runtime, which starts what was started.
      await ended(await command('runChain', vscode.Uri.joinPath(workspaceFolder(), '.assassin', 'chains', 'hello.ts')));
      await eventually('the lens to say Stop', async () => (await lensTitles()).includes('Stop'));
    });
    await command('stopMcpServer', 'everything');
  });

  it('are found in settings and in .mcp.json, as soon as these are written', async () => {
    const server = { command: 'node', args: ['${env:ASSASSIN_TEST_SERVERS}/@modelcontextprotocol/server-filesystem/dist/index.js', '${workspaceFolder}'] };
    const portable = await writeFile('.mcp.json', JSON.stringify({ mcpServers: { portable: server } }, null, 2));
    await eventually('one lens, which says Start', async () => (await lensTitles(portable)).join() === 'Start');
    await command('startMcpServer', 'portable');
    await eventually('the lens to say Stop', async () => (await lensTitles(portable)).includes('Stop'));
    await vscode.workspace.fs.delete(portable);
    await withSetting('mcp.servers', { configured: server }, async () => {
      const uri = await writeFile('.assassin/chains/files.ts', "import { mcp } from 'assassin';\nexport const meta = { grants: ['mcp configured:list_directory'] };\nexport default async function () {\n  return await mcp.configured.list_directory({ path: '.' });\n}\n");
      const run = await eventually('a run with the configured server', async () => {
        const each = await ended(await command('runChain', uri));
        return each.state === 'done' && each;
      });
      assert.match(JSON.stringify(resultOf(run.id)), /\.assassin/);
      await vscode.workspace.fs.delete(uri);
    });
  });

  it('that are taken out of the configuration are stopped', async () => {
    const script = await writeFile('server-that-says-its-pid.mjs', `
      import { writeFileSync } from 'node:fs';
      writeFileSync(process.env.PID_FILE, String(process.pid));
      await import(process.env.SERVER);
    `);
    const pidFile = vscode.Uri.joinPath(workspaceFolder(), 'pid.txt').fsPath;
    const entry = { command: 'node', args: [script.fsPath, 'stdio'], env: { PID_FILE: pidFile, SERVER: '${env:ASSASSIN_TEST_SERVERS}/@modelcontextprotocol/server-everything/dist/index.js' } };
    const before = Buffer.from(await vscode.workspace.fs.readFile(configFile())).toString();
    await vscode.workspace.fs.writeFile(configFile(), Buffer.from(JSON.stringify({ servers: { ...(JSON.parse(before) as { servers: object }).servers, brief: entry } })));
    const pid = await eventually('the server', async () => {
      await command('startMcpServer', 'brief');
      return Number(await readFile(pidFile, 'utf8')) || undefined;
    });
    assert.ok(processRuns(pid), `process ${pid} is not there`);
    await vscode.workspace.fs.writeFile(configFile(), Buffer.from(before));
    await eventually('the end of the process', () => !processRuns(pid));
  });

  it('are pointed out where their file is wrong, as it stands in the editor', async () => {
    const uri = await writeFile('.mcp.json', '{\n  "mcpServers": {\n    "broken": { "command": "x", "timeoutMs": "soon" }\n  }\n}\n');
    const [problem] = await eventually('a problem', async () => {
      // The file has been there before: the editor takes a moment to see its new text.
      await lensTitles(uri);
      const found = vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Infrastructure Assassin');
      return found.length > 0 && found;
    });
    assert.match(problem?.message ?? '', /"timeoutMs" is wrong/);
    assert.equal(problem?.range.start.line, 2);
    await vscode.workspace.fs.delete(uri);
  });
});

function processRuns(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
