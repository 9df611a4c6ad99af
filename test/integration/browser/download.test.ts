import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DownloadOffer, DownloadRequest } from '../../../src/browser/browser-download-plan.ts';
import { findBrowser, thisMachine } from '../../../src/browser/discovery.ts';
import { RuntimeBrowsers } from '../../../src/runtime-browsers.ts';
import { defaultSettings } from '../../../src/runtime-options.ts';
import { listDownloads } from '../../../src/browser/browser-downloads.ts';
import { parseGrant } from '../../../src/policy/grant.ts';
import type { Rule } from '../../../src/policy/authorize.ts';
import { denyAll } from '../../../src/policy/approver.ts';
import { Redactor } from '../../../src/policy/redact.ts';
import { processStart } from '../../../src/run/process-identity.ts';
import { RunManager, type RunHandle } from '../../../src/run/run-manager.ts';
import { withRun } from '../../helpers/run.ts';
import { zip } from '../../helpers/zip.ts';

const version = '150.0.7000.12';
const folder = 'linux64';
const program = (says: string) => `#!/bin/sh\necho "Google Chrome for Testing ${says}"\n`;
const archiveOf = (says: string, name = 'chrome-headless-shell') => zip([
  { path: `chrome-headless-shell-${folder}/${name}`, text: program(says), mode: 0o755 }, { path: `chrome-headless-shell-${folder}/LICENSE`, text: 'x'.repeat(200_000) },
]);
const good = archiveOf(version);

interface Mirror extends AsyncDisposable {
  readonly origin: string;
  readonly requests: readonly string[];
}

/** Serves what a mirror of Chrome for Testing serves, or what `answer` makes of it. */
async function mirror(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Mirror> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests,
    [Symbol.asyncDispose]: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

const sending = (body: Buffer, headers: Readonly<Record<string, string>> = {}) => (_request: IncomingMessage, response: ServerResponse) => void response.writeHead(200, { 'content-length': body.length, ...headers }).end(body);

interface Tried {
  readonly browsers: RuntimeBrowsers;
  readonly handle: RunHandle;
  readonly offers: readonly DownloadOffer[];
}

let data: string;
beforeEach(() => (data = mkdtempSync(join(tmpdir(), 'download-'))));
afterEach(() => rmSync(data, { recursive: true, force: true }));

/** Starts a download in a runtime's own way, in a data directory of its own. */
async function start(request: Partial<DownloadRequest>, body: (tried: Tried) => Promise<unknown>, { yes = true, rules = [] }: { readonly yes?: boolean; readonly rules?: readonly Rule[] } = {}): Promise<void> {
  const run = await withRun([], async (_scope, { store, workspace }) => {
    const host = { pid: process.pid, start: (await processStart(process.pid))! };
    const runs = new RunManager({ store, redactor: new Redactor(), host, version: '0.0.0', concurrency: 2 });
    const browsers = new RuntimeBrowsers({
      store, host, runs, rules,
      options: { workspace, dataDirectory: data, distDirectory: new URL('file:///'), settings: defaultSettings, version: '0.0.0', approver: denyAll, log: () => undefined },
    });
    const offers: DownloadOffer[] = [];
    const handle = await browsers.download({ browser: 'chrome-headless-shell', version, ...request }, (offer) => {
      offers.push(offer);
      return Promise.resolve(yes);
    });
    await body({ browsers, handle, offers });
    return null;
  });
  run.result();
}

const browsersFolder = () => join(data, 'browsers');
/** Whatever lies in the folder of downloads, at any depth. */
const left = () => (existsSync(browsersFolder()) ? readdirSync(browsersFolder(), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name) : []);

describe.runIf(process.platform === 'linux')('the download of a browser', () => {
  it('tells the size and the place, fetches, unpacks and tries the browser, which is then found before installed ones', async () => {
    await using site = await mirror(sending(good, { 'x-goog-hash': `md5=${createHash('md5').update(good).digest('base64')}` }));
    await start({ mirror: `${site.origin}/mirror/` }, async ({ browsers, handle, offers }) => {
      const { result, clean } = await handle.outcome;
      expect(clean).toBe(true);
      expect(offers).toMatchObject([{ version, bytes: good.length, browser: 'chrome-headless-shell' }]);
      expect(site.requests).toEqual(['HEAD', 'GET'].map((method) => `${method} /mirror/${version}/${folder}/chrome-headless-shell-${folder}.zip`));
      expect(result).toMatchObject({ version, already: false, sha256: createHash('sha256').update(good).digest('hex'), bytes: good.length });
      const [found] = browsers.list();
      expect(statSync(found!.path).mode & 0o111).not.toBe(0);
      expect(findBrowser(undefined, { ...thisMachine, env: {} }, browsers.list())).toMatchObject({ path: found!.path, from: 'downloaded', kind: 'headless-shell' });
      // The archive is gone, and so is the folder in which it was unpacked.
      expect(readdirSync(browsersFolder())).toEqual(['chrome-headless-shell']);
      expect(left().toSorted()).toEqual(['LICENSE', 'chrome-headless-shell', 'download.json']);
    });
  });

  it('is not repeated for a version that is there, and what was downloaded can be removed', async () => {
    await using site = await mirror(sending(good));
    await start({ mirror: site.origin }, async ({ browsers, handle }) => {
      await handle.outcome;
      const again = await browsers.download({ browser: 'chrome-headless-shell', version, mirror: site.origin }, () => Promise.resolve(true));
      expect((await again.outcome).result).toMatchObject({ already: true });
      expect(site.requests).toHaveLength(2);
      expect(() => browsers.remove({ version: '1.2.3.4' })).toThrow('There is no such browser');
      expect(browsers.remove({ version })).toHaveLength(1);
      expect(left()).toEqual([]);
      expect(browsers.list()).toEqual([]);
    });
  });

  it('fetches nothing where the person declines, or where a rule denies the host', async () => {
    await using site = await mirror(sending(good));
    await start({ mirror: site.origin }, async ({ handle }) => expect(await handle.outcome).toMatchObject({ state: 'cancelled', error: { code: 'cancelled' } }), { yes: false });
    expect(site.requests).toHaveLength(1);
    const rule: Rule = { effect: 'deny', grant: parseGrant(`net ${site.origin}`, '/'), origin: 'test' };
    await start({ mirror: site.origin }, async ({ handle, offers }) => {
      expect(await handle.outcome).toMatchObject({ state: 'failed', error: { code: 'denied' } });
      expect(offers).toEqual([]);
    }, { rules: [rule] });
    expect(site.requests).toHaveLength(1);
    expect(left()).toEqual([]);
  });

  const damaged = Buffer.from(good);
  damaged.fill(0, damaged.length - 60);
  const bad: readonly { readonly what: string; readonly answer: Parameters<typeof mirror>[0]; readonly message: RegExp; readonly request?: Partial<DownloadRequest> }[] = [
    { what: 'that breaks off', answer: (request, response) => {
      response.writeHead(200, { 'content-length': good.length });
      if (request.method === 'HEAD') response.end();
      else response.write(good.subarray(0, 50_000), () => response.destroy());
    }, message: /broke off/ },
    { what: 'that is not there', answer: (_request, response) => void response.writeHead(404).end(), message: /answered 404/ },
    { what: 'that is no archive', answer: sending(damaged), message: /could not be unpacked/ },
    { what: 'that holds no browser', answer: sending(zip([{ path: 'readme.txt', text: 'nothing' }])), message: /holds no chrome-headless-shell/ },
    { what: 'that holds another version', answer: sending(archiveOf('149.0.1.1')), message: /and not version 150\.0\.7000\.12/ },
    { what: 'whose program does not start', answer: sending(zip([{ path: `chrome-headless-shell-${folder}/chrome-headless-shell`, text: 'no program', mode: 0o755 }])), message: /does not start on this machine/ },
    { what: 'that was damaged on its way', answer: sending(good, { 'x-goog-hash': 'crc32c=AAAAAA==,md5=1B2M2Y8AsgTpgAmY7PhCfg==' }), message: /damaged on its way/ },
    { what: 'that is not what was asked for', answer: sending(good), message: /not what was asked for/, request: { sha256: 'ab'.repeat(32) } },
    { what: 'that leads to another host', answer: (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.2:1/x.zip' }).end(), message: /Not allowed/ },
  ];
  it.each(bad)('keeps nothing of one $what', async ({ answer, message, request = {} }) => {
    await using site = await mirror(answer);
    await start({ mirror: site.origin, ...request }, async ({ browsers, handle }) => {
      const { error, clean } = await handle.outcome;
      expect(error?.message).toMatch(message);
      expect(clean).toBe(true);
      expect(left()).toEqual([]);
      expect(browsers.list()).toEqual([]);
    });
  });

  it('ends at once when it is cancelled, with nothing kept', async () => {
    const begun = Promise.withResolvers<void>();
    await using site = await mirror((request, response) => {
      response.writeHead(200, { 'content-length': good.length });
      if (request.method === 'HEAD') return void response.end();
      // The rest never comes.
      response.write(good.subarray(0, 50_000), () => begun.resolve());
    });
    await start({ mirror: site.origin }, async ({ handle }) => {
      await begun.promise;
      handle.cancel('enough');
      expect(await handle.outcome).toMatchObject({ state: 'cancelled', clean: true });
      expect(left()).toEqual([]);
    });
  });

  it('does not take a folder for a browser that no download has made, or whose record names another folder', async () => {
    await using site = await mirror(sending(good));
    await start({ mirror: site.origin }, async ({ handle }) => void (await handle.outcome));
    const kind = join(browsersFolder(), 'chrome-headless-shell');
    const [whole] = readdirSync(kind);
    mkdirSync(join(kind, 'linux-1.2.3.4'));
    cpSync(join(kind, whole!), join(kind, 'linux-9.9.9.9'), { recursive: true });
    expect(listDownloads(browsersFolder()).map(({ folder }) => folder)).toEqual([join(kind, whole!)]);
  });
});
