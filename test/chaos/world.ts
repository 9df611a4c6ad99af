import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { finish } from '../helpers/tasks.ts';
import { fixture } from '../helpers/mcp.ts';
import { scriptedServer, type RecordedRequest, type ScriptedServer } from '../fixtures/models/scripted-server.ts';
import type { Answer } from '../fixtures/models/answer.ts';
import { effectsPerRun, workspaceFiles } from './jobs.ts';

/** What the runs change, outside of the product, and where they leave what they should not. */
export interface ChaosWorld extends AsyncDisposable {
  readonly folder: string;
  readonly workspace: string;
  readonly store: string;
  readonly temporary: string;
  readonly sink: string;
  readonly model: ScriptedServer;
  /** How often each effect was seen, by its key. */
  readonly effects: () => ReadonlyMap<string, number>;
}

export async function makeChaosWorld(): Promise<ChaosWorld> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'chaos-')));
  const [workspace, store, temporary] = ['workspace', 'store', 'tmp'].map((name) => join(folder, name)) as [string, string, string];
  for (const path of [workspace, temporary]) mkdirSync(path);
  const posted: string[] = [];
  const site = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    // Counted when it has come in whole: only that is an effect.
    request.on('end', () => {
      if (request.method === 'POST') posted.push(Buffer.concat(chunks).toString('utf8'));
      response.setHeader('content-type', 'text/html').end('<title>Page</title>');
    });
    request.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const model = await scriptedServer(editing);
  for (const [name, text] of Object.entries(workspaceFiles({ origin: `http://127.0.0.1:${(site.address() as AddressInfo).port}`, node: process.execPath }))) {
    mkdirSync(dirname(join(workspace, name)), { recursive: true });
    writeFileSync(join(workspace, name), text);
  }
  const sink = fixture('sink.mjs');
  mkdirSync(join(workspace, '.vscode'));
  writeFileSync(join(workspace, '.vscode/mcp.json'), JSON.stringify({ servers: { sink: { type: 'stdio', command: process.execPath, args: [sink, join(workspace, 'sink.log')] } } }));
  const git = (...args: readonly string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: workspace, stdio: 'ignore' });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'First');
  const lines = (name: string) => (existsSync(join(workspace, name)) ? readFileSync(join(workspace, name), 'utf8').split('\n') : []);
  const files = (name: string) => (existsSync(join(workspace, name)) ? readdirSync(join(workspace, name)) : []);
  return {
    folder, workspace, store, temporary, sink, model,
    effects: () => {
      const keys = [
        ...posted, ...lines('appended.log'), ...lines('sink.log').flatMap((line) => (line.startsWith('{') ? [(JSON.parse(line) as { readonly text: string }).text] : [])),
        ...files('out').map((name) => name.replace(/\.txt$/, '')), ...files('docs').flatMap((name) => (name.startsWith('k') ? [name.replace(/\.md$/, '')] : [])),
      ].filter((key) => key !== '');
      const counts = new Map<string, number>();
      for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
      return counts;
    },
    [Symbol.asyncDispose]: async () => {
      site.closeAllConnections();
      site.close();
      await model[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Of a task: hands it to an agent, which writes the files in a worktree, and finishes. */
function editing({ body: { messages } }: RecordedRequest): Answer {
  const text = JSON.stringify(messages);
  const key = /job (k\d+)/.exec(text)?.[1] ?? '';
  const done = messages.filter(({ role }) => role === 'tool').length;
  const delegated = text.includes(`Write the files of job ${key}`) && !text.includes(`Work on job ${key}`);
  if (!delegated) return done === 0 ? { calls: [{ name: 'delegate', arguments: { agent: 'editor', task: `Write the files of job ${key}.`, grants: ['fs.write docs/**'] } }] } : finish('ok');
  if (done < effectsPerRun) return { calls: [{ name: 'edit_file', arguments: { path: `docs/${key}-${done}.md`, edits: [{ oldText: '', newText: `${key}-${done}\n` }] } }] };
  return finish('written');
}
