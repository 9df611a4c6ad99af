import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { EventOf } from '../../../src/shared/events.ts';
import type { AuditReport } from '../../../src/store/audit-inspection.ts';
import { chainUri, command, ended, eventually, withSetting, writeFile } from './recorded.ts';
import { describe, it } from './spec.ts';

/** Runs a command that shows a list to pick from, and closes that list. */
async function closingPick<T>(name: string, target?: unknown): Promise<T> {
  const result = command<T>(name, target);
  let open = true;
  const settled = Promise.resolve(result).finally(() => (open = false));
  await eventually('the list to be closed', async () => {
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    return !open;
  });
  return settled;
}

describe('decisions', () => {
  it('are explained with the grant of the chain, at its line', async () => {
    await writeFile('.assassin/chains/decided.ts', "import { workspace } from 'assassin';\nexport const meta = { grants: [\n  'fs.read **',\n] };\nexport default () => workspace.exists('README.md');\n");
    const run = await ended(await command('runChain', chainUri('decided')));
    const decisions = await closingPick<readonly EventOf<'decision'>[]>('explainDecision', { kind: 'run', id: run.id });
    assert.deepEqual(decisions.map(({ outcome, rule }) => `${outcome} ${rule}`), ['allowed fs.read ** (.assassin/chains/decided.ts:3)']);
    await vscode.workspace.fs.delete(chainUri('decided'));
  });

  it('that rest on a rule name the file of the settings and the line', async () => {
    await writeFile('.assassin/chains/denied.ts', "import { workspace } from 'assassin';\nexport const meta = { grants: ['fs.read **'] };\nexport default () => workspace.exists('README.md').catch((error: Error) => error.message);\n");
    await withSetting('rules', [{ effect: 'deny', grant: 'fs.read README.md' }], async () => {
      const run = await ended(await command('runChain', chainUri('denied')));
      const decisions = await closingPick<readonly EventOf<'decision'>[]>('explainDecision', { kind: 'run', id: run.id });
      assert.equal(decisions.length, 1);
      assert.match(decisions[0]?.rule ?? '', /^\.vscode\/settings\.json:\d+$/);
      assert.equal(decisions[0]?.outcome, 'denied');
    });
    await vscode.workspace.fs.delete(chainUri('denied'));
  });

  it('are not claimed where nothing had to be decided', async () => {
    const run = await ended(await command('runChain', chainUri('hello')));
    assert.deepEqual(await closingPick<readonly unknown[]>('explainDecision', { kind: 'run', id: run.id }), []);
  });
});

describe('the audit log', () => {
  it('is verified in the editor, with what the command line tells of it', async () => {
    await ended(await command('runChain', chainUri('hello')));
    const report = await command<AuditReport>('verifyAudit');
    assert.equal(report.ok, true, JSON.stringify(report));
    assert.ok(report.entries > 0);
    assert.match(report.head, /^[0-9a-f]{64}$/);
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});
