import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reviewServer } from '../../../src/mcp/trust/review-server.ts';
import { person } from '../../helpers/approval.ts';
import { chainTest } from '../../helpers/chains.ts';
import { everythingScript, fixture, nodeServer, serverConfig } from '../../helpers/mcp.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { code, finish, recorded, taskTest } from '../../helpers/tasks.ts';
import { testWorkspace } from '../../helpers/workspace.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

const secret = 'Zx9 canary & of/a+server 4711';
const everythingIn = (folder: string) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n');

describe('a secret in the configuration of an MCP server', () => {
  const chain = (grants: readonly string[]) => `import { log, mcp } from 'assassin';\nexport const meta = { grants: ${JSON.stringify(grants)} };\nexport default async () => {\n  const seen = await mcp.everything['get-env']({}).catch((error: any) => error.code);\n  log(JSON.stringify(seen));\n  return seen;\n};\n`;
  const run = async (grants: readonly string[], env: Readonly<Record<string, string>>, work: (end: { readonly result: string; readonly error: string; readonly events: string; readonly store: string }) => void) => {
    using data = testWorkspace();
    const dataDirectory = join(data.path, 'store');
    const log: string[] = [];
    await using test = await chainTest(sandbox, chain(grants), {
      dataDirectory, settings: { mcpServers: [nodeServer('everything', everythingScript, ['stdio'], { env })] }, secret: (name) => Promise.resolve(name === 'shop' ? secret : undefined), log: (_level, message) => void log.push(message),
    });
    const { outcome, events } = await test.run('main');
    work({ result: JSON.stringify(outcome.result ?? null), error: outcome.error?.message ?? '', events: JSON.stringify(events), store: everythingIn(dataDirectory) + log.join('\n') });
  };

  it('is in the environment of that process, and what the server says of it is the reference', async () => {
    await run(['mcp everything:*', 'secret shop'], { SHOP_KEY: '${secret:shop}', SIZE: '${secret:shop}!' }, ({ result, events, store }) => {
      expect(result).toContain('SHOP_KEY');
      expect(result).toContain('${secret:shop}!');
      for (const text of [result, events, store]) expect(text).not.toContain(secret);
      expect(events).toContain('"action":"secret shop"');
    });
  });

  it('needs its grant: the server is not started without', async () => {
    await run(['mcp everything:*'], { SHOP_KEY: '${secret:shop}' }, ({ result, events }) => {
      expect(result).toBe('"denied"');
      expect(events).not.toContain('MCP server everything');
    });
  });

  it('that is not there is told with the field and how to store it', async () => {
    await run(['mcp everything:*', 'secret *'], { SHOP_KEY: '${secret:gone}' }, ({ result, events }) => {
      expect(result).toBe('"invalid-config"');
      expect(events).toContain('env.SHOP_KEY');
      expect(events).toContain('ASSASSIN_SECRET_GONE');
    });
  });
});

it.skipIf(process.platform === 'win32')('what was allowed for a server is asked again when the link to its program leads elsewhere', async () => {
  using place = testWorkspace();
  const bin = join(place.path, 'bin');
  mkdirSync(bin);
  const link = join(bin, 'runner');
  symlinkSync(process.execPath, link);
  const door = person(({ offers }) => ({ answer: 'workspace', grant: offers.find(({ scope }) => scope === 'workspace')!.grant }));
  const call = [code('import { mcp } from "assassin"; export default () => mcp.shop.search({});'), finish('ok')];
  await using test = await taskTest(sandbox, { 'd.txt': 'Searches the shop.' }, recorded(...call, ...call, ...call, ...call), { approver: door });
  await test.runtime.mcp.configure([serverConfig('shop', { type: 'stdio', command: link, args: [fixture('described.mjs'), join(test.workspace, 'd.txt')], env: {} })]);
  await test.runtime.mcp.tools('shop');
  await test.task('Search.');
  await test.task('Search.');
  expect(door.texts).toEqual(['mcp shop:search']);
  // Another link to the same program is no change; a script that runs it is another file.
  rmSync(link);
  writeFileSync(join(bin, 'other'), `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} "$@"\n`);
  chmodSync(join(bin, 'other'), 0o755);
  symlinkSync(join(bin, 'other'), link);
  const held = await test.task('Search.');
  expect(JSON.stringify(held.events)).toContain('its command leads to another program');
  expect(door.texts).toHaveLength(1);
  test.runtime.mcpTrust.approve('shop', await reviewServer(test.runtime.mcp, test.runtime.mcpTrust, 'shop'));
  const { of } = await test.task('Search.');
  expect(door.texts).toEqual(['mcp shop:search', 'mcp shop:search']);
  expect(of('decision').find(({ action }) => action === 'mcp shop:search')?.reason).toContain('is pinned');
});
