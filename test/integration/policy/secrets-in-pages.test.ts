import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../../src/shared/json.ts';
import { leavesNothing, serve } from '../../helpers/browser.ts';
import { chainTest, type ChainTest } from '../../helpers/chains.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { testWorkspace } from '../../helpers/workspace.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());
leavesNothing();

/** Written otherwise inside of JSON, addresses, forms and pages: each of these forms must be found. */
const secret = 'Zx9 canary & "quoted" <of> a/test+4711';
const forms = [secret, encodeURIComponent(secret), new URLSearchParams({ a: secret }).toString().slice(2), JSON.stringify(secret).slice(1, -1), secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')];
const everythingIn = (folder: string) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n');
const leaks = (places: Readonly<Record<string, string>>) => Object.entries(places).flatMap(([where, text]) => forms.filter((form) => text.includes(form)).map((form) => `${form}: in ${where}`));

const chain = (body: string, grants: readonly string[]) => `import { browser, exec, http, log } from 'assassin';\nexport const meta = { grants: ${JSON.stringify(grants)} };\nexport default async function (input: any) {\n${body}\n}\n`;
const stored = { secret: (name: string) => Promise.resolve(name === 'shop' ? secret : undefined) };

async function withChain<T>(body: string, grants: readonly string[], work: (test: ChainTest, store: string) => Promise<T>): Promise<T> {
  using data = testWorkspace();
  const dataDirectory = join(data.path, 'store');
  await using test = await chainTest(sandbox, chain(body, grants), { ...stored, dataDirectory });
  return await work(test, dataDirectory);
}

const shop = (received: string[]) => serve({
  '/': `<title>Sign in</title><form action="/in" method="get"><label>User <input id="user" name="user"></label><label>Key <input id="key" name="key"></label><button>Go</button></form><p id="echo"></p>
    <script>for (const each of document.querySelectorAll('input')) each.addEventListener('input', () => { document.querySelector('#echo').textContent = 'you typed ' + each.value; console.log('typed ' + each.value); });</script>`,
  '/in': (request, response) => {
    const url = new URL(request.url ?? '', 'http://shop');
    received.push(url.searchParams.get('user') ?? '', url.searchParams.get('key') ?? '');
    const text = (url.searchParams.get('key') ?? '').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<title>In</title><p>Hello ${text}</p>`);
  },
});

describe('a secret that is typed into a page', () => {
  it('reaches the page, and neither the program nor anything that is kept or sent shows it, though the page says it again in every way', async () => {
    const received: string[] = [];
    await using site = await shop(received);
    const body = `
      await using page = await browser.open(input);
      await page.type('#user', 'ada \${secret:shop}');
      await page.fill('#key', '\${secret:shop}');
      const seen: any[] = [await page.snapshot(), await page.text(), await page.evaluate('document.querySelector("#key").value'), await page.evaluate('document.body.innerHTML')];
      await page.screenshot({ annotate: true });
      await page.click('button');
      seen.push(await page.text(), page.url, await page.evaluate('location.href'), await page.evaluate('document.body.innerHTML'));
      seen.push(await page.har());
      log(JSON.stringify(seen));
      await page.click('#not-there', { timeoutMs: 200 }).catch((error: any) => seen.push(error.message));
      return seen;`;
    await withChain(body, ['browser', `net ${site.origin}`, 'secret shop'], async (test, store) => {
      const { outcome, events, of } = await test.run('main', `${site.origin}/`);
      expect(outcome.error).toBeUndefined();
      expect(received).toEqual([`ada ${secret}`, secret]);
      const text = JSON.stringify(outcome.result);
      expect(text).toContain('you typed ${secret:shop}');
      expect(text).toContain('Hello ${secret:shop}');
      expect(text).toContain('/in?user=ada+${secret:shop}&key=${secret:shop}');
      expect(of('decision').filter(({ action }) => action === 'secret shop').map(({ outcome: how }) => how)).toEqual(['allowed', 'allowed']);
      const { runtime } = test;
      expect(leaks({
        result: text, journal: JSON.stringify(events), 'what the panel is sent': JSON.stringify([runtime.detail(outcome.id), runtime.trace(outcome.id), runtime.bill(outcome.id)]), store: everythingIn(store),
      })).toEqual([]);
    });
  });

  it('is drawn as dots in pictures: two of the same length make the same picture', async () => {
    await using site = await serve({ '/': '<title>Key</title><style>*{caret-color:transparent}</style><input id="key" style="font:20px monospace">' });
    const shoot = async (body: string, value: string) => {
      await using test = await chainTest(sandbox, chain(body, ['browser', `net ${site.origin}`, 'secret shop']), { secret: () => Promise.resolve(value) });
      const { outcome } = await test.run('main', site.origin);
      const { blob } = outcome.result as { readonly blob: string };
      return createHash('sha256').update(pixelsOf(await test.runtime.store.blobs.read(blob) ?? new Uint8Array())).digest('hex');
    };
    const hidden = "await using page = await browser.open(input); await page.fill('#key', '${secret:shop}'); return await page.screenshot({ selector: '#key' });";
    const shown = hidden.replace("'${secret:shop}'", 'input.slice(0, 8)').replace('input.slice', '(input + "").slice');
    expect(await shoot(hidden, 'iiiiWWWW')).toBe(await shoot(hidden, 'W1W1i.i.'));
    expect(await shoot(shown, 'unused')).not.toBe(await shoot(hidden, 'iiiiWWWW'));
  });

  it('needs its grant: the page gets nothing without', async () => {
    await using site = await shop([]);
    const body = "await using page = await browser.open(input); const said = await page.fill('#key', '${secret:shop}').catch((error: any) => error.code); return [said, await page.evaluate('document.querySelector(\"#key\").value')];";
    await withChain(body, ['browser', `net ${site.origin}`, 'secret other'], async (test) => {
      expect((await test.run('main', site.origin)).outcome.result).toEqual(['denied', '']);
    });
  });
});

describe('a secret that a program gets as a variable', () => {
  const hash = createHash('sha256').update(secret).digest('hex');
  const script = "const { createHash } = require('node:crypto'); console.log(createHash('sha256').update(process.env.SHOP_KEY ?? '').digest('hex'), process.env.SHOP_KEY, encodeURIComponent(process.env.SHOP_KEY))";
  const call = (env: Json) => `return await exec(['node', 'print.cjs'], { env: ${JSON.stringify(env)} }).then((end: any) => end.output, (error: any) => error.code + ' ' + error.message);`;
  const run = (env: Json, grants: readonly string[], work: (output: string, events: string, store: string) => void | Promise<void>) => {
    using data = testWorkspace();
    const dataDirectory = join(data.path, 'store');
    return (async () => {
      await using test = await chainTest(sandbox, { '.assassin/chains/main.ts': chain(call(env), grants), 'print.cjs': script }, { ...stored, dataDirectory });
      const { outcome, events } = await test.run('main');
      await work(String(outcome.result), JSON.stringify(events), everythingIn(dataDirectory));
    })();
  };

  it('reaches that program, and what it prints of it is a reference again', async () => {
    await run({ SHOP_KEY: '${secret:shop}' }, ['exec node print.cjs', 'secret shop'], (output, events, store) => {
      expect(output.trim()).toBe(`${hash} \${secret:shop} \${secret:shop}`);
      expect(leaks({ output, events, store })).toEqual([]);
    });
  });

  it.each([
    [{ SHOP_KEY: '${secret:shop}' }, ['exec node print.cjs'], /^denied/],
    [{ NODE_OPTIONS: '--require ./evil.cjs' }, ['exec node print.cjs', 'secret shop'], /^invalid-input The variable NODE_OPTIONS/],
    [{ NODE_OPTIONS: '--require ${secret:shop}' }, ['exec node print.cjs', 'secret shop'], /^invalid-input The variable NODE_OPTIONS/],
    [{ 'A B': '${secret:shop}' }, ['exec node print.cjs', 'secret shop'], /^invalid-input/],
    [{ SHOP_KEY: '${secret:gone}' }, ['exec node print.cjs', 'secret *'], /^invalid-config There is no secret "gone"/],
  ])('is refused as %j with the grants %j', async (env, grants, problem) => {
    await run(env, grants, (output) => expect(output).toMatch(problem));
  });
});

/** The picture itself, without what else a PNG file may say. */
function pixelsOf(png: Uint8Array): Buffer {
  const bytes = Buffer.from(png);
  const parts: Buffer[] = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(bytes.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return inflateSync(Buffer.concat(parts));
}
