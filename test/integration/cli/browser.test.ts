import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { zip } from '../../helpers/zip.ts';
import { CommandLine } from './command-line.ts';

const version = '150.0.7000.12';
const archive = zip([{ path: 'chrome-headless-shell-linux64/chrome-headless-shell', text: `#!/bin/sh\necho "Google Chrome for Testing ${version}"\n`, mode: 0o755 }]);

test.runIf(process.platform === 'linux')('a browser is downloaded on the command line without any program that unpacks, listed, and removed', async () => {
  using cli = new CommandLine();
  const server = createServer((_request, response) => void response.writeHead(200, { 'content-length': archive.length }).end(archive));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // Nothing of the machine is to be found there: no unzip.
  const empty = mkdtempSync(join(tmpdir(), 'path-'));
  try {
    const install = ['browser', 'install', '--browser-version', version, '--mirror', mirror];
    expect(await cli.run(install)).toMatchObject({ code: 2, stderr: expect.stringContaining('Nobody can be asked') });
    const installed = await cli.run([...install, '--yes', '--json'], { PATH: empty });
    expect(installed, installed.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(installed.stdout)).toMatchObject({ already: false, browser: { version, browser: 'chrome-headless-shell', bytes: archive.length } });
    expect((await cli.run(['browser', 'list'])).stdout).toContain(version);
    expect((await cli.run(['doctor'], { ASSASSIN_BROWSER: '' })).stdout).toContain('(downloaded)');
    expect(await cli.run(['browser', 'remove', version])).toMatchObject({ code: 0, stdout: `Removed chrome-headless-shell ${version}.\n` });
    expect(readdirSync(join(cli.data, 'browsers', 'chrome-headless-shell'))).toEqual([]);
    expect(await cli.run(['browser', 'remove', version])).toMatchObject({ code: 2 });
  } finally {
    server.close();
    rmSync(empty, { recursive: true, force: true });
  }
});

test('the command line tells whether pages of the browser can get past the proxy, and doctor remembers it', async () => {
  using cli = new CommandLine();
  const checked = await cli.run(['browser', 'check', '--json']);
  expect(checked.code, checked.stderr).toBe(0);
  const { ok, leaks, version: tested } = JSON.parse(checked.stdout) as { readonly ok: boolean; readonly leaks: readonly string[]; readonly version: string };
  expect({ ok, leaks }).toEqual({ ok: true, leaks: [] });
  const { checks } = JSON.parse((await cli.run(['doctor', '--json'])).stdout) as { readonly checks: readonly { readonly name: string; readonly status: string; readonly detail: string }[] };
  expect(checks).toContainEqual({ name: 'Browser leaks', status: 'ok', detail: expect.stringContaining(`led past the egress proxy (${tested}, tested on `) });
});

test('a recording by hand says that it needs a screen, and an address', async () => {
  using cli = new CommandLine();
  const nowhere = { DISPLAY: '', WAYLAND_DISPLAY: '' };
  expect(await cli.run(['browser', 'record', 'shop'], nowhere)).toMatchObject({ code: 2, stderr: expect.stringContaining('"shop" is not an address') });
  if (process.platform !== 'linux') return;
  const { code, stdout, stderr } = await cli.run(['browser', 'record', 'http://127.0.0.1:9/', '--json'], nowhere);
  expect([code === 0, `${stdout}${stderr}`]).toEqual([false, expect.stringContaining('There is no screen here')]);
});
