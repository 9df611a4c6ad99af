import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Redactor } from '../../../src/policy/redact.ts';
import type { JsonObject } from '../../../src/shared/json.ts';
import { httpTools } from '../../../src/tools/http-tools.ts';
import { McpToolSource } from '../../../src/tools/mcp-tool-source.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { workspaceTools } from '../../../src/tools/workspace-tools.ts';
import { httpSite } from '../../helpers/http-site.ts';
import { filesystemScript, nodeServer, withHub } from '../../helpers/mcp.ts';
import { withRun } from '../../helpers/run.ts';

const value = 'Zx9-canary-of-a-test-4711';

function registry(stored: Readonly<Record<string, string>> = { shop: value }): ToolRegistry {
  return new ToolRegistry({ secrets: { value: (name) => Promise.resolve(stored[name]), redactor: new Redactor() } });
}

function request(input: JsonObject, grants: readonly string[], stored?: Readonly<Record<string, string>>) {
  const tools = registry(stored);
  tools.register(...httpTools());
  return withRun(grants, (scope) => tools.call('http.request', input, scope));
}

/** Sends back everything it got, as a server does that wants to give a secret away. */
const echo = () => httpSite((incoming, response) => void incoming.toArray().then((chunks) => response.setHeader('x-echo', incoming.headers.authorization ?? '').end(`${incoming.headers.authorization} ${chunks.join('')}`)));

describe('a reference to a secret in a request', () => {
  it('is replaced on its way to the server, and what the server sends back of it is a reference again', async () => {
    let seen = '';
    await using site = await httpSite((incoming, response) => {
      seen = incoming.headers.authorization ?? '';
      response.setHeader('x-echo', seen).end(`you said ${seen}`);
    });
    const run = await request({ url: site.origin, headers: { authorization: 'Bearer ${secret:shop}' } }, [`net ${site.origin}`, 'secret shop']);
    expect(seen).toBe(`Bearer ${value}`);
    expect(run.result()).toMatchObject({ status: 200, body: 'you said Bearer ${secret:shop}', headers: { 'x-echo': 'Bearer ${secret:shop}' } });
    expect(JSON.stringify(run.events)).not.toContain(value);
    expect(run.of('decision').map(({ action }) => action)).toEqual([`net ${site.origin}`, 'secret shop']);
  });

  it('needs a grant of that secret: nothing is sent without', async () => {
    await using site = await echo();
    const run = await request({ url: site.origin, headers: { authorization: '${secret:shop}' } }, [`net ${site.origin}`, 'secret other']);
    expect(run.outcome.error).toMatchObject({ code: 'denied', hint: expect.stringContaining('secret shop') as string });
    expect(site.requests).toEqual([]);
  });

  it('may not stand in the address, where it would change what was decided on', async () => {
    const run = await request({ url: 'https://a.example/${secret:shop}' }, ['net https://a.example', 'secret *']);
    expect(run.outcome.error).toMatchObject({ code: 'invalid-input', hint: 'Secrets may stand in headers and body.' });
  });

  it('says how to store one that is not there', async () => {
    await using site = await echo();
    const run = await request({ url: site.origin, method: 'POST', body: '${secret:gone}' }, [`net ${site.origin}`, 'secret *']);
    expect(run.outcome.error).toMatchObject({ code: 'invalid-config', hint: expect.stringContaining('ASSASSIN_SECRET_GONE') as string });
    expect(site.requests).toEqual([]);
  });

  it('does not become a header of its own, nor does the error quote it', async () => {
    await using site = await echo();
    const run = await request({ url: site.origin, headers: { a: '${secret:bad}' } }, [`net ${site.origin}`, 'secret bad'], { bad: `${value}\r\nInjected: 1` });
    expect(run.outcome.error).toMatchObject({ code: 'invalid-input' });
    expect(JSON.stringify([run.outcome, run.events])).not.toContain(value);
    expect(site.requests).toEqual([]);
  });
});

describe('a reference to a secret elsewhere', () => {
  it('reaches an MCP server as the value, and comes back as the reference', async () => {
    await withHub((folder) => [nodeServer('filesystem', filesystemScript, [folder])], async ({ hub, folder }) => {
      const tools = registry();
      tools.registerSource(new McpToolSource(hub));
      const path = join(folder, 'note.txt');
      const run = await withRun(['mcp filesystem:*', 'secret shop'], async (scope) => {
        await tools.call('mcp.filesystem.write_file', { path, content: 'key ${secret:shop}' }, scope);
        return tools.call('mcp.filesystem.edit_file', { path, edits: [{ oldText: '${secret:shop}', newText: 'gone' }], dryRun: true }, scope);
      });
      expect(readFileSync(path, 'utf8')).toBe(`key ${value}`);
      expect(JSON.stringify(run.result())).toContain('-key ${secret:shop}');
      expect(JSON.stringify(run.events)).not.toContain(value);
    });
  });

  it('is just text for a tool that takes none: no file gets a secret', async () => {
    const tools = registry();
    tools.register(...workspaceTools());
    const run = await withRun(['fs.write **', 'fs.read **', 'secret *'], async (scope) => {
      await tools.call('workspace.writeFile', { path: 'a.txt', content: '${secret:shop}' }, scope);
      return tools.call('workspace.readFile', { path: 'a.txt' }, scope);
    });
    expect(JSON.stringify(run.result())).toContain('${secret:shop}');
  });

  it('does not stand for what a file holds: an edit that fails shows the file as it is, so that the next one finds it', async () => {
    await using site = await echo();
    const tools = registry();
    tools.register(...httpTools(), ...workspaceTools());
    let said = '';
    await withRun(['fs.write **', 'fs.read **', 'secret shop', `net ${site.origin}`], async (scope) => {
      await tools.call('http.request', { url: site.origin, headers: { authorization: '${secret:shop}' } }, scope);
      await tools.call('workspace.writeFile', { path: 'a.txt', content: `one\nkey ${value}\nthree\n` }, scope);
      await tools.call('workspace.edit', { path: 'a.txt', edits: [{ oldText: `one\nkey ${value} or so\nthree`, newText: 'two' }] }, scope).catch((error: unknown) => { said = String(error); });
      return null;
    });
    expect(said).toContain(`key ${value}`);
  });
});
