import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { McpHub } from '../../../src/mcp/mcp-hub.ts';
import { fixture, nodeServer, withHub } from '../../helpers/mcp.ts';

const changing = (mode: string) => (folder: string) => [nodeServer('changing', fixture('changing.mjs'), [join(folder, 'lists'), mode])];
const lists = (folder: string) => readFileSync(join(folder, 'lists'), 'utf8').split('\n').length - 1;

async function tools(hub: McpHub, count: number): Promise<readonly string[]> {
  const names = () => hub.knownTools('changing')?.map(({ name }) => name) ?? [];
  for (let i = 0; i < 500 && names().length < count; i++) await sleep(10);
  return names();
}

it('asks a server once that has told of a change before it was asked, and again for a change after that', async () => {
  await withHub(changing('greeted'), async ({ hub, folder }) => {
    await hub.start('changing');
    expect(await tools(hub, 2)).toEqual(['grow', 'greeted']);
    // Longer than a server is waited for that may have more to tell.
    await sleep(500);
    expect(lists(folder)).toBe(1);
    await hub.look('changing', (connection) => connection.callTool('grow', {}));
    expect(await tools(hub, 3)).toEqual(['grow', 'greeted', 'grown']);
    expect(lists(folder)).toBe(2);
  });
});

it('asks a server again that has told of a change while it was asked', async () => {
  await withHub(changing('asked'), async ({ hub, folder }) => {
    await hub.start('changing');
    expect(await tools(hub, 2)).toEqual(['grow', 'late']);
    expect(lists(folder)).toBe(2);
  });
});
