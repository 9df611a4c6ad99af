import { expect, it } from 'vitest';
import type { Json } from '../../../src/shared/json.ts';
import { mcpOfferTools } from '../../../src/tools/mcp-offer-tools.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { fixture, nodeServer, withHub } from '../../helpers/mcp.ts';
import { withRun } from '../../helpers/run.ts';

const skill = 'skill://counting/SKILL.md';

/** One call in a run that is granted this. */
function called(tool: string, input: Json, { args = ['modern', 'skills'], grants = ['mcp asking:*'] }: { readonly args?: readonly string[]; readonly grants?: readonly string[] } = {}) {
  return withHub(() => [nodeServer('asking', fixture('asking.mjs'), args)], async ({ hub }) => {
    const tools = new ToolRegistry();
    tools.register(...mcpOfferTools(hub));
    return withRun(grants, (scope) => tools.call(tool, input, scope));
  });
}

it.each([['2026', ['modern', 'skills']], ['2025', ['skills']]])('skills of a server of %s are listed with their files, and read', async (_, args) => {
  expect((await called('skills.list', { server: 'asking' }, { args })).result()).toEqual([
    { name: 'counting', description: 'Counts things.', uri: skill, files: expect.arrayContaining([skill, 'skill://counting/references/NUMBERS.md']) as Json },
  ]);
  expect((await called('skills.read', { server: 'asking', skill, file: 'references/NUMBERS.md' }, { args })).result()).toBe('One, two.\n');
});

it('a file that its list does not name is not asked for, and a skill that is not there is said to be none', async () => {
  expect((await called('skills.read', { server: 'asking', skill, file: '../../etc/passwd' })).outcome.error).toMatchObject({ code: 'mcp-protocol' });
  expect((await called('skills.read', { server: 'asking', skill: 'skill://other/SKILL.md' })).outcome.error).toMatchObject({ code: 'tool-not-found' });
});

it('reading is granted by itself: a list does not open its files', async () => {
  const run = await called('skills.read', { server: 'asking', skill }, { grants: ['mcp asking:skills/list'] });
  expect(run.outcome.error).toMatchObject({ code: 'denied', hint: expect.stringContaining('mcp asking:skills/read') as string });
  expect(run.of('lease.created')).toEqual([]);
});
