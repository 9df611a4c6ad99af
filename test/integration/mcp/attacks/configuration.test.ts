import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseServerEntry } from '../../../../src/mcp/server-entry.ts';
import type { Json } from '../../../../src/shared/json.ts';
import { fixture, withHub } from '../../../helpers/mcp.ts';
import { testTrust } from '../../../helpers/mcp-trust.ts';

const parse = (written: string, raw: Json) => parseServerEntry({ written, raw, path: ['servers', written], source: { file: '.vscode/mcp.json', locate: () => undefined }, inputs: [] });

describe('a configuration that carries commands', () => {
  it.each(['; touch ran', '$(touch ran)', '`touch ran`', '&& touch ran', '| touch ran', '\ntouch ran\n', '--eval=require("fs").writeFileSync("ran","")', '"; touch ran; "', '> ran'])('passes %j as one argument and runs nothing of it', async (argument) => {
    const { server } = parse('odd', { command: process.execPath, args: [fixture('described.mjs'), fixture('described.mjs'), argument] });
    await withHub(() => [server!], async ({ hub, folder }) => {
      expect(await hub.tools('odd')).toHaveLength(1);
      expect(existsSync(join(folder, 'ran'))).toBe(false);
    });
  });

  it.each(['node described.mjs; touch ran', 'sh -c "touch ran"', '$(which node)'])('takes %j for the name of one program', async (command) => {
    await withHub(() => [parse('odd', { command }).server!], async ({ hub, folder }) => {
      await expect(hub.tools('odd')).rejects.toMatchObject({ code: expect.stringMatching(/^(mcp-start-failed|invalid-config)$/) as string });
      expect(existsSync(join(folder, 'ran'))).toBe(false);
    });
  });

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'data:text/html,x', 'ftp://example.com', 'vscode://command', '//example.com', 'unix:///tmp/x'])('refuses the address %s', (url) => {
    expect(parse('odd', { url })).toMatchObject({ problems: [{ severity: 'error', error: { code: 'invalid-config' } }] });
  });

  it('refuses an address that becomes another kind when its variables are filled in', async () => {
    process.env['ATTACK_TEST_URL'] = 'file:///etc/passwd';
    await withHub(() => [parse('odd', { url: '${env:ATTACK_TEST_URL}' }).server!], async ({ hub }) => {
      await expect(hub.tools('odd')).rejects.toMatchObject({ code: 'invalid-config' });
    });
    delete process.env['ATTACK_TEST_URL'];
  });

  it.each(['autoApprove', 'alwaysAllow', 'trust'])('does not obey "%s"', (field) => {
    expect(parse('odd', { command: 'node', [field]: ['*'] }).problems).toMatchObject([{ severity: 'warning', error: { message: expect.stringContaining('not obeyed') as string } }]);
  });

  it.each(['then', 'then ', '…', ''])('refuses the name %j', (name) => {
    expect(parse(name, { command: 'node' }).problems.some(({ severity }) => severity === 'error')).toBe(true);
  });

  it('that swaps the program under a name that was let in starts nothing', async () => {
    using trusted = testTrust();
    const config = parse('odd', { command: process.execPath, args: [fixture('described.mjs'), fixture('described.mjs')] }).server!;
    let trust = trusted.trust;
    await withHub((folder) => ((trust = trusted.again(folder)), [config]), async ({ hub, folder }) => {
      await hub.tools('odd');
      await hub.configure([parse('odd', { command: process.execPath, args: ['-e', `require('fs').writeFileSync(${JSON.stringify(join(folder, 'ran'))}, '')`] }).server!]);
      await expect(hub.tools('odd')).rejects.toMatchObject({ code: 'denied', data: { reason: 'configuration-changed' } });
      expect(existsSync(join(folder, 'ran'))).toBe(false);
    }, { admit: (server, definitions) => trust.admit(server, definitions), vouch: (server, facts) => trust.vouch(server, facts) });
  });
});
