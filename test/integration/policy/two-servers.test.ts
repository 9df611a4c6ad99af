import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RuntimeSettings } from '../../../src/runtime-options.ts';
import { chainTest } from '../../helpers/chains.ts';
import { fixture, nodeServer } from '../../helpers/mcp.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';

let sandbox: SandboxFiles;
beforeAll(async () => { sandbox = await buildSandboxFiles(); });
afterAll(() => sandbox[Symbol.dispose]());

const mcpServers = ['tickets', 'mail'].map((name) => nodeServer(name, fixture('misbehaving.mjs')));
const chain = (...grants: readonly string[]) => `import { mcp } from 'assassin';
export const meta = { grants: ${JSON.stringify(grants)} };
export default async () => mcp.mail.echo({ message: String(await mcp.tickets.echo({ message: 'a ticket' })) });`;
const rule: RuntimeSettings['rules'][number] = { effect: 'allow', grant: 'mcp mail:echo', origin: 'settings.json:3' };

it('what one MCP server has said goes to another only where its tool is named exactly: in the chain or in a rule', async () => {
  await using test = await chainTest(sandbox, {
    '.assassin/chains/broad.ts': chain('mcp tickets:*', 'mcp mail:*'), '.assassin/chains/exact.ts': chain('mcp tickets:*', 'mcp mail:echo'),
  }, { settings: { mcpServers } });
  const broad = await test.run('broad');
  expect(broad.outcome.error).toMatchObject({
    code: 'denied',
    message: expect.stringMatching(/^Not allowed: mcp mail:echo\. The run has read the MCP tool tickets:echo, and this would send data to the MCP server mail, from which it has read nothing; "mcp mail:\*" \(\.assassin\/chains\/broad\.ts:2\) does not name it exactly\. Nobody could be asked\.$/) as string,
    hint: expect.stringMatching(/^Where you mean it, name it exactly: "mcp mail:echo" beside "mcp mail:\*" \(\.assassin\/chains\/broad\.ts:2\), with --allow .* "infrastructureAssassin\.rules" of your own settings\./) as string,
  });
  expect((await test.run('exact')).outcome.result).toBe('a ticket');
  expect((await test.run('broad', null, { grants: ['mcp mail:echo'] })).outcome.result).toBe('a ticket');
});

it('a rule of the person that names the tool exactly allows it, and one that is a pattern does not', async () => {
  const files = { '.assassin/chains/broad.ts': chain('mcp tickets:*', 'mcp mail:*') };
  await using named = await chainTest(sandbox, files, { settings: { mcpServers, rules: [rule] } });
  expect((await named.run('broad')).outcome.result).toBe('a ticket');
  await using broad = await chainTest(sandbox, files, { settings: { mcpServers, rules: [{ ...rule, grant: 'mcp mail:*' }] } });
  expect((await broad.run('broad')).outcome.error).toMatchObject({ code: 'denied' });
});
