import { before, describe, it } from '../harness/ui.ts';
import { eventually } from '../harness/workbench.ts';
import { manifestWords } from './manifest.ts';
import { says } from './panel.ts';

describe('usage and infrastructure', () => {
  before(async ({ workbench }) => {
    await workbench.openView((await manifestWords()).name);
    await workbench.openFile('.assassin/chains/hello.ts');
    await workbench.clickTreeAction('Says hello', 'Run chain');
    await eventually('the run', async () => (await workbench.treeRows('Runs'))[0]?.startsWith('hello, done'));
  });

  it('are opened by command, with charts whose code comes under the policy of the editor', async ({ workbench }) => {
    await workbench.command('Show usage and savings');
    await says(workbench, 'By chain, function or task', '.dashboard');
    await says(workbench, '.assassin/chains/hello.ts', '.dashboard');
    const panel = await workbench.webview('.charts');
    await eventually('a bar for each day', async () => (await panel.$$eval('.chart-bars [role=option]', (bars) => bars.length)) >= 30);
    await workbench.screenshot('usage');
    await workbench.command('Show infrastructure');
    await says(workbench, 'records opened', '.dashboard');
    await says(workbench, 'activation', '.dashboard');
    await says(workbench, '% of the time', '.dashboard');
    await workbench.screenshot('infrastructure');
  });
});
