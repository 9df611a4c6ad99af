import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelProviders } from '../../../src/cli/model-providers.ts';
import { PolicyContext } from '../../../src/cli/policy-context.ts';
import { readUserSettings } from '../../../src/cli/user-settings.ts';
import { testWorkspace } from '../../helpers/workspace.ts';

/** A data folder with this file of settings, and an empty workspace with another. */
function place(user: string | undefined, folder?: string) {
  const root = testWorkspace();
  const [data, workspace] = [join(realpathSync(root.path), 'data'), join(realpathSync(root.path), 'work')];
  for (const path of [data, join(workspace, '.vscode')]) mkdirSync(path, { recursive: true });
  const file = join(data, 'settings.json');
  if (user !== undefined) writeFileSync(file, user);
  if (folder !== undefined) writeFileSync(join(workspace, '.vscode/settings.json'), folder);
  return { data, workspace, file, read: (env = {}) => readUserSettings(data, workspace, env), [Symbol.dispose]: () => root[Symbol.dispose]() };
}

describe('the settings of a person on the command line', () => {
  it('are the defaults where there is no file', async () => {
    using at = place(undefined);
    expect(await at.read()).toMatchObject({ settings: { rules: [], maxConcurrentRuns: 4 }, mcpServers: undefined, providers: [], file: at.file });
  });

  it('have the names of the editor: rules with their lines, budgets, limits, models, servers', async () => {
    using at = place(`{
      // mine
      "infrastructureAssassin.rules": [
        { "effect": "allow", "grant": "net https://docs.example" },
        { "effect": "deny", "grant": "exec **" },
      ],
      "infrastructureAssassin.budget.tokens": 5000,
      "infrastructureAssassin.sandbox.memoryMb": 64,
      "infrastructureAssassin.approvals.timeoutSeconds": 30,
      "infrastructureAssassin.models.providers": [{ "kind": "openai-compatible", "name": "lab", "baseUrl": "https://models.example/v1" }],
      "infrastructureAssassin.models.default": "lab/big",
      "infrastructureAssassin.mcp.servers": { "notes": { "command": "notes-server" } },
      "editor.fontSize": 14
    }`);
    const { settings, providers, ...rest } = await at.read({ ASSASSIN_SECRET_LAB: 'k' });
    expect(settings).toMatchObject({
      rules: [{ effect: 'allow', grant: 'net https://docs.example', origin: `${at.file}:4` }, { effect: 'deny', grant: 'exec **', origin: `${at.file}:5` }],
      budget: { tokens: 5000 }, sandboxLimits: { memoryBytes: 64 * 1024 * 1024 }, approvalTimeoutSeconds: 30,
    });
    expect(providers).toMatchObject([{ kind: 'openai-compatible', name: 'lab', baseUrl: 'https://models.example/v1' }]);
    expect(await providers[0]?.apiKey?.()).toBe('k');
    expect(rest).toMatchObject({ defaultModel: 'lab/big', mcpServers: { notes: { command: 'notes-server' } } });
  });

  it.each([
    ['{ "infrastructureAssassin.rules": [ }', /is not valid JSON/],
    ['{\n"infrastructureAssassin.rules": [{ "effect": "deny", "grant": "nothing" }]\n}', /there is no capability "nothing".*settings\.json:2\.$/],
    ['{\n\n"infrastructureAssassin.rules": "deny all"\n}', /is not a list.*settings\.json:3\.$/],
    ['{ "infrastructureAssassin.budget.tokens": "many" }', /budget\.tokens.*settings\.json:1\.$/],
    ['{\n"infrastructureAssassin.models.providers": [{ "kind": "anthropic", "name": "a", "apiKey": "x" }]\n}', /settings\.json:2\.$/],
  ])('stop the start where they are wrong, with the place: %s', async (text, message) => {
    using at = place(text);
    await expect(at.read()).rejects.toMatchObject({ code: 'invalid-config', message: expect.stringMatching(message) as string });
  });

  it('are explained with file and line; a folder adds what denies or asks and takes nothing away', async () => {
    using at = place('{\n"infrastructureAssassin.rules": [\n{ "effect": "allow", "grant": "net https://*.example" },\n{ "effect": "deny", "grant": "net https://bad.example" }]\n}',
      '{\n"infrastructureAssassin.rules": [\n{ "effect": "ask", "grant": "net https://ask.example" }, { "effect": "allow", "grant": "exec **" }, { "effect": "allow", "grant": "net https://bad.example" }]\n}');
    const policy = await PolicyContext.open(at.workspace, at.data, {});
    const explain = async (action: string) => {
      const { effect, reason } = await policy.explain({ action, allow: [], afterReading: [] });
      return [effect, /\(([^)]+)\)\.$/.exec(reason)?.[1]];
    };
    expect(await explain('net https://good.example')).toEqual(['allow', `${at.file}:3`]);
    expect(await explain('net https://bad.example')).toEqual(['deny', `${at.file}:4`]);
    expect(await explain('net https://ask.example')).toEqual(['ask', '.vscode/settings.json:3']);
    expect((await explain('exec ls'))[0]).toBe('deny');
    // No run writes it: what it may do would else be its own decision.
    expect((await policy.explain({ action: `fs.write ${at.file}`, allow: ['fs.write **', `fs.write ${at.file}`], afterReading: [] })).effect).toBe('deny');
  });

  it('come after --endpoint and before the environment among the providers of models, and take its keys', async () => {
    const env = { ANTHROPIC_API_KEY: 'from the environment', OPENAI_API_KEY: 'o' };
    const own = [{ kind: 'anthropic', name: 'anthropic', baseUrl: 'https://proxy.example', apiKey: () => Promise.resolve(undefined) }] as const;
    const list = modelProviders(env, 'http://127.0.0.1:1234/v1', own);
    expect(list.map(({ name }) => name)).toEqual(['endpoint', 'anthropic', 'openai']);
    expect(list[1]).toMatchObject({ baseUrl: 'https://proxy.example' });
    expect(await list[1]?.apiKey?.()).toBe('from the environment');
  });
});
