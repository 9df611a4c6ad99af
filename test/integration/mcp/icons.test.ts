import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fetchIcons } from '../../../src/fetch-icons.ts';
import { IconFolder } from '../../../src/mcp/icon-folder.ts';
import { httpTools } from '../../../src/tools/http-tools.ts';
import { ToolRegistry } from '../../../src/tools/registry.ts';
import { httpSite } from '../../helpers/http-site.ts';
import { fixture, nodeServer, withHub } from '../../helpers/mcp.ts';
import { withRun } from '../../helpers/run.ts';

const [key, cert] = ['key', 'cert'].map((part) => readFileSync(new URL(`../../fixtures/tools/localhost-${part}.pem`, import.meta.url), 'utf8')) as [string, string];
const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.from('a picture')]);
const bodies: Readonly<Record<string, readonly [type: string, body: string | Buffer]>> = {
  '/good.png': ['image/png', png], '/drawn.svg': ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'], '/lies.png': ['image/png', '<script>alert(1)</script>'],
  '/large.png': ['image/png', Buffer.concat([png, Buffer.alloc(70_000)])],
};

async function fetched(names: readonly string[], grants: (origin: string) => readonly string[]) {
  const asked: IncomingMessage['headers'][] = [];
  const folder = mkdtempSync(join(tmpdir(), 'test-icons-'));
  await using elsewhere = await httpSite((_request, response) => void response.end('reached'));
  await using site = await httpSite((request, response) => {
    asked.push(request.headers);
    if (request.url === '/moved.png') return void response.writeHead(302, { location: `${elsewhere.origin}/good.png` }).end();
    const [type, body] = bodies[request.url ?? ''] ?? ['text/plain', 'nothing'];
    response.writeHead(bodies[request.url ?? ''] === undefined ? 404 : 200, { 'content-type': type, 'set-cookie': 'who=me' }).end(body);
  }, { key, cert });
  try {
    return await withHub(() => [nodeServer('iconed', fixture('iconed.mjs'), [site.origin, ...names])], async ({ hub }) => {
      const tools = new ToolRegistry();
      tools.register(...httpTools({ ca: cert }));
      const run = await withRun(grants(site.origin), (scope) => fetchIcons({ mcp: hub, tools }, 'iconed', scope));
      const icon = (name: string) => hub.icon(`${site.origin}/${name}`);
      return { run, asked, requests: site.requests, elsewhere: elsewhere.requests, kept: names.filter((name) => icon(name) !== undefined), icon: icon(names[0] ?? ''), again: new IconFolder(folder).get(`${site.origin}/${names[0] ?? ''}`) };
    }, { icons: new IconFolder(folder) });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('an icon at an address is fetched where its host is granted, without cookies or names, and kept as a checked picture', async () => {
  const { run, asked, kept, icon, again } = await fetched(['good.png'], (origin) => [`net ${origin}`]);
  expect(run.result()).toEqual({ kept: 1, refused: [] });
  expect(kept).toEqual(['good.png']);
  expect([icon, again]).toEqual(Array.from({ length: 2 }, () => `data:image/png;base64,${png.toString('base64')}`));
  expect(asked).toHaveLength(1);
  expect(Object.keys(asked[0]!).filter((name) => /cookie|authorization|referer|origin/.test(name))).toEqual([]);
});

it('nothing is asked for without the grant', async () => {
  const { run, requests, kept } = await fetched(['good.png'], () => ['net https://other.example']);
  expect(run.result()).toMatchObject({ kept: 0, refused: [{ why: expect.stringContaining('net https://127.0.0.1') as string }] });
  expect([requests, kept]).toEqual([[], []]);
});

it('what is no small picture is not kept: documents, lies, what is large, what is not there, what leads elsewhere', async () => {
  const names = ['drawn.svg', 'lies.png', 'large.png', 'gone.png', 'moved.png'];
  const { run, kept, elsewhere } = await fetched(names, (origin) => [`net ${origin}`]);
  expect(run.result()).toMatchObject({ kept: 0, refused: names.map((name) => ({ url: expect.stringContaining(name) as string })) });
  expect([kept, elsewhere]).toEqual([[], []]);
});
