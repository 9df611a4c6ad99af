import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { command, ended, eventsOf, eventually, provided, resultOf, writeFile } from './recorded.ts';
import { describe, it } from './spec.ts';

const server = `require('node:http').createServer((q, s) => s.setHeader('content-type', 'text/html').end('<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><main><h1>Shop</h1></main>')).listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port + '/'); });`;

describe('a check in a throwaway browser', () => {
  it('stands above a script that serves, starts it, keeps pictures, and leaves nothing', async () => {
    const uri = await writeFile('shop/package.json', '{\n  "name": "shop",\n  "scripts": {\n    "dev": "node server.cjs",\n    "lint": "true"\n  }\n}\n');
    await writeFile('shop/server.cjs', server);
    try {
      await vscode.workspace.openTextDocument(uri);
      const lens = await eventually('the lens', async () => {
        const lenses = await provided<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 50);
        return lenses.find(({ command: each }) => each?.command === 'infrastructureAssassin.checkPage');
      });
      assert.equal(lens.range.start.line, 3);
      assert.equal(lens.command?.title, '$(beaker) Check in a throwaway browser');
      const id = await vscode.commands.executeCommand<string>('infrastructureAssassin.checkPage', ...(lens.command?.arguments ?? []));
      const run = await ended(id, 60_000);
      assert.equal(run.error?.message, undefined);
      const result = resultOf(id) as { passed: boolean; screenshots: unknown[]; server: { command: string } };
      assert.deepEqual([result.passed, result.screenshots.length, result.server.command], [true, 1, 'npm run dev']);
      assert.ok(eventsOf(id).every((event) => event.type !== 'lease.destroyed' || event.verified));
    } finally {
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(uri, '..'), { recursive: true });
    }
  });

  it('of what is no address is refused with a sentence', async () => {
    assert.equal(await command('checkPage', { url: 'file:///etc/passwd' }), undefined);
  });
});
