import assert from 'node:assert/strict';
import { after, before, describe, it } from '../harness/ui.ts';
import { eventually, patienceMs, type Workbench } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';

/** Ends well only where the server was told this. */
const chain = (told: string) => `import { mcp } from 'assassin';
export const meta = { title: 'Asks through a server', description: 'Asks.', grants: ['mcp everything:trigger-elicitation-request'] };
export default async function () {
  const answer = JSON.stringify(await mcp.everything['trigger-elicitation-request']({}));
  if (!answer.includes('${told}')) throw new Error(answer);
}
`;

async function ask(workbench: Workbench): Promise<void> {
  await eventually('the chain', async () => (await workbench.treeRows('Chains')).some((row) => row.startsWith('Asks through a server')));
  await workbench.clickTreeAction('Asks through a server', 'Run chain');
  // Behind it lie the first run of the window and the start of a server.
  await workbench.page.waitForSelector('.monaco-dialog-box', { visible: true, timeout: 2 * patienceMs });
}

const done = (workbench: Workbench) => eventually('the end of the run', async () => (await workbench.treeRows('Runs'))[0]?.startsWith('Asks through a server, done'));

describe('a form of an MCP server', () => {
  before(async ({ workbench }) => {
    await workbench.openView((await manifestWords()).name);
    await workbench.writeFile('.assassin/chains/asks-through-a-server.ts', chain('declined'));
  });

  after(({ workbench }) => workbench.removeFile('.assassin/chains/asks-through-a-server.ts'));

  it('is shown with the name of the server, and declined by the first button', async ({ workbench }) => {
    await ask(workbench);
    const text = await workbench.dialog('Do not answer');
    assert.match(text, /The MCP server everything asks you for values/);
    await done(workbench);
  });

  it('is filled in field by field, says what is wrong, and can be left at any field', async ({ workbench }) => {
    await workbench.writeFile('.assassin/chains/asks-through-a-server.ts', chain('cancelled'));
    await ask(workbench);
    await workbench.dialog('Answer');
    await workbench.asked('everything (1/');
    await workbench.page.keyboard.press('Enter');
    assert.match(await eventually('what is wrong', async () => (await workbench.quickInputText()).includes('A value is needed.') && workbench.quickInputText()), /everything \(1\//);
    await workbench.screenshot('a field of a form of a server');
    await workbench.page.keyboard.type('Ada');
    await workbench.page.keyboard.press('Enter');
    await workbench.asked('everything (2/');
    await workbench.escape();
    await done(workbench);
  });
});
