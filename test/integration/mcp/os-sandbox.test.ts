import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { McpSandbox } from '../../../src/mcp/mcp-config.ts';
import type { Json } from '../../../src/shared/json.ts';
import { McpToolSource } from '../../../src/tools/mcp-tool-source.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { httpSite } from '../../helpers/http-site.ts';
import { fixture, nodeServer, withHub } from '../../helpers/mcp.ts';
import { withRun } from '../../helpers/run.ts';

/** The folder in which the tests' own `srt` lies, before what the machine has. */
const path = [fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url)), process.env['PATH'] ?? ''].join(delimiter);

/** Why no sandbox can be tried here; nothing where one can. */
function absence(): string | undefined {
  if (process.platform === 'darwin') return undefined;
  if (process.platform !== 'linux') return `${process.platform} has no sandbox`;
  const missing = ['bwrap', 'socat', 'rg', 'which'].filter((program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined);
  if (missing.length > 0) return `${missing.join(', ')} not installed here`;
  const { status, stderr } = spawnSync('bwrap', ['--ro-bind', '/', '/', '--dev', '/dev', '--unshare-net', '--unshare-pid', '--proc', '/proc', 'true'], { encoding: 'utf8' });
  return status === 0 ? undefined : `bwrap may not make namespaces here: ${stderr.trim().slice(0, 200)}`;
}

const missing = absence();
const allowed = (folder: string) => join(folder, 'allowed');

/** What the tools of a server in a sandbox say, one after the other, in one run. */
async function tried(sandbox: (folder: string) => McpSandbox, calls: (folder: string) => readonly (readonly [tool: string, input: Readonly<Record<string, Json>>])[]) {
  return withHub((folder) => [nodeServer('reaching', fixture('reaching.mjs'), [], { env: { PATH: path, HOME: homedir() } })].map((config) => ({
    ...config, transport: { ...config.transport, sandbox: sandbox(folder) },
  })), async ({ hub, folder }) => {
    mkdirSync(allowed(folder));
    const tools = new ToolRegistry();
    tools.registerSource(new McpToolSource(hub));
    const run = await withRun(['mcp reaching:*'], async (scope) => {
      const said: Json[] = [];
      for (const [tool, input] of calls(folder)) said.push(await tools.call(`mcp.reaching.${tool}`, input, scope));
      return said;
    });
    const written = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : undefined);
    return { said: run.result(), leases: run.of('lease.destroyed'), inside: written('allowed/note'), outside: written('note') };
  });
}

describe(missing === undefined ? 'a server in a sandbox of the system' : `a server in a sandbox of the system (not tried: ${missing})`, { timeout: 60_000 }, () => {
  it.skipIf(missing !== undefined)('writes where it may and nowhere else, reads what is not closed, reaches no port, and is gone with its run', async () => {
    await using site = await httpSite((_request, response) => void response.end('a page'));
    const secrets = mkdtempSync(join(tmpdir(), 'test-secrets-'));
    try {
      writeFileSync(join(secrets, 'key'), 'the key');
      const { said, leases, inside, outside } = await tried(
        (folder) => ({ filesystem: { allowWrite: [allowed(folder)], denyRead: [secrets] } }),
        (folder) => [
          ['write', { file: join(allowed(folder), 'note') }], ['write', { file: join(folder, 'note') }], ['read', { file: fixture('reaching.mjs') }], ['read', { file: join(secrets, 'key') }],
          ['connect', { port: site.port }], ['fetch', { url: site.origin }],
        ],
      );
      expect(said).toEqual(['done', expect.stringMatching(/^refused: (EROFS|EPERM|EACCES)$/), expect.stringContaining('A server that tries'), expect.stringMatching(/^refused: (ENOENT|EPERM|EACCES)$/), expect.stringMatching(/^refused: /), expect.stringMatching(/^refused: /)]);
      expect([inside, outside]).toEqual(['written by the server', undefined]);
      expect(leases).toMatchObject([{ verified: true }]);
    } finally {
      rmSync(secrets, { recursive: true });
    }
  });
});
