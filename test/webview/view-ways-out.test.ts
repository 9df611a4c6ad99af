import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mcpAppHtml } from '../../src/vscode/mcp-app-html.ts';
import { httpSite, type HttpSite } from '../helpers/http-site.ts';
import { OwnBrowser } from '../helpers/own-browser.ts';
import { builtWebview } from './harness/built-webview.ts';

let own: OwnBrowser;
let server: HttpSite;
let outside: Listening;

/** Somebody who only waits for packets and connections, and understands neither. */
interface Listening extends AsyncDisposable {
  readonly stun: string;
  readonly web: string;
  readonly came: string[];
  readonly first: Promise<unknown>;
}

async function listening(): Promise<Listening> {
  const came: string[] = [];
  const udp: Socket = createSocket('udp4', () => came.push('a packet'));
  const first = once(udp, 'message');
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  const web = createServer((socket) => {
    came.push('a connection');
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(web, 'listening');
  return {
    stun: `stun:127.0.0.1:${(udp.address() as AddressInfo).port}`, web: `http://127.0.0.1:${(web.address() as AddressInfo).port}`, came, first,
    [Symbol.asyncDispose]: async () => {
      udp.close();
      web.close();
      await once(web, 'close');
    },
  };
}

beforeAll(async () => {
  const files = await builtWebview();
  server = await httpSite((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    if (path === '/plain') return void response.setHeader('content-type', 'text/html').end('<!doctype html>');
    if (path === '/') return void response.setHeader('content-type', 'text/html').end(mcpAppHtml({ cspSource: server.origin, script: `${server.origin}/mcp-app.js`, language: 'en' }));
    const file = files.get(path.slice(1));
    response.writeHead(file === undefined ? 404 : 200, { 'content-type': 'text/javascript' }).end(file);
  });
  outside = await listening();
  own = await OwnBrowser.launch();
});
afterAll(async () => {
  await own[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await outside[Symbol.asyncDispose]();
});

/** Sends packets to a server of STUN, and says to whom made the frame whether it could. */
const packets = (stun: string) => `(async () => { try { const peer = new RTCPeerConnection({ iceServers: [{ urls: ${JSON.stringify(stun)} }] }); peer.createDataChannel('x'); await peer.setLocalDescription(await peer.createOffer()); parent.postMessage('peer', '*'); } catch (error) { parent.postMessage(error.name, '*'); } })();`;

/** The ways to a second realm, where everything is still there, and to an element that connects ahead. Each is a function of the view; what it throws is its outcome. */
const ways: Readonly<Record<string, string>> = {
  'by itself': 'new RTCPeerConnection()',
  'by its older name': 'new webkitRTCPeerConnection()',
  'a text for a frame': "const f = frame(); f['src' + 'doc'] = inner;",
  'an attribute': "const f = frame(); f.setAttribute('SRC' + 'doc', inner);",
  'an attribute of no namespace': "const f = frame(); f.setAttributeNS(null, 'src' + 'doc', inner);",
  'an attribute that moves': "const p = document.createElement('p'); p.setAttribute('src' + 'doc', inner); const a = p.attributes[0]; p.removeAttributeNode(a); frame().setAttributeNode(a);",
  'an attribute that is set by name': "const p = document.createElement('p'); p.setAttribute('src' + 'doc', inner); const a = p.attributes[0]; p.removeAttributeNode(a); frame().attributes.setNamedItem(a);",
  'markup': "document.body.innerHTML += '<iframe src' + 'doc=' + quoted + '>';",
  'markup beside': "document.body.insertAdjacentHTML('beforeend', '<iframe SRC' + 'DOC=' + quoted + '>');",
  'markup of a range': "document.body.append(document.createRange().createContextualFragment('<iframe src' + 'doc=' + quoted + '>'));",
  'markup with shadows': "document.body.setHTMLUnsafe('<p><template shadowrootmode=open><iframe src' + 'doc=' + quoted + '></template></p>');",
  'a document of markup': "document.body.append(new DOMParser().parseFromString('<iframe src' + 'doc=' + quoted + '>', 'text/html').querySelector('iframe'));",
  'entities of XML': "document.body.append(new DOMParser().parseFromString('<!DOCTYPE x [<!ENT' + 'ITY e \"&#60;iframe xmlns=\\'http://www.w3.org/1999/xhtml\\' src&#100;oc=\\'1\\'/>\">]><x>&e;</x>', 'application/xml').documentElement);",
  'a style sheet of XML': 'new XSLTProcessor();',
  'writing in pieces': "document.write('<iframe src'); document.write('doc=' + quoted + '>');",
  'checks that say yes': "RegExp.prototype.exec = () => null; RegExp.prototype.test = () => false; String.prototype.match = () => null; Reflect.apply = () => null; frame()['src' + 'doc'] = inner;",
  'a policy of its own': "trustedTypes.createPolicy('mine', { createHTML: (text) => text });",
  'an empty frame': 'new (frame().contentWindow.RTCPeerConnection)();',
  'a window': "new (window.open('').RTCPeerConnection)();",
};
const links: Readonly<Record<string, string>> = {
  'a link': "ahead(document.createElement('LINK'));",
  'a link that says its name differently each time': "let n = 0; ahead(document.createElement({ toString: () => (n++ === 0 ? 'p' : 'link') }));",
  'a link of a namespace': "ahead(document.createElementNS('http://www.w3.org/1999/xhtml', 'x:link'));",
  'a link as a document': "ahead(document.implementation.createDocument('http://www.w3.org/1999/xhtml', 'link').documentElement);",
  'a link as markup': "document.body.insertAdjacentHTML('beforeend', '<li' + 'nk rel=preconnect href=' + web + '>');",
  'a link as XML': "document.head.append(new DOMParser().parseFromString('<x:li' + 'nk xmlns:x=\"http://www.w3.org/1999/xhtml\" rel=\"preconnect\" href=\"' + web + '\"/>', 'application/xml').documentElement);",
  'a link as clean markup': "document.body.setHTML('<li' + 'nk rel=preconnect href=' + web + '>', { sanitizer: { elements: ['li' + 'nk'], attributes: ['rel', 'href'] } });",
  'a link of its own kind': "class Mine extends HTMLLinkElement {} customElements.define('my-link', Mine, { extends: 'li' + 'nk' }); ahead(new Mine());",
};
/** These give no error: an address that is a script, and links that have become elements of no meaning. */
const silent = ["frame().src = 'javascript:' + inner.replace(/<.?script>/g, '');", "const a = document.createElement('a'); a.target = frame('t').name; a.href = 'javascript:' + inner.replace(/<.?script>/g, ''); document.body.append(a); a.click();"];

const view = ({ stun, web }: Listening) => `<!doctype html><head><link rel="preconnect" href="${web}"><template><link rel="dns-prefetch" href="${web}"></template></head><body>
  <iframe srcdoc="&lt;script>${packets(stun).replaceAll('"', '&quot;')}&lt;/script>"></iframe><noscript><!--</noscript><iframe srcdoc="&lt;script>parent.postMessage('mutated', '*')&lt;/script>"></iframe>-->
  <p onclick="document.body.dataset.clicked = 'yes'" id="clicked"></p><script>
    const inner = '<script>' + ${JSON.stringify(packets(stun))} + '</' + 'script>';
    const quoted = "'" + inner.replaceAll("'", '&#39;') + "'";
    const web = ${JSON.stringify(web)};
    const frame = (name) => { const made = document.createElement('iframe'); made.name = name ?? ''; document.body.append(made); return made; };
    const ahead = (link) => { link.rel = 'preconnect'; link.href = web; link.setAttribute('rel', 'preconnect'); link.setAttribute('href', web); document.head.append(link); };
    const heard = [];
    addEventListener('message', ({ data }) => heard.push(data));
    const tried = {};
    const attempt = (name, work) => { try { work(); tried[name] = 'did'; } catch (error) { tried[name] = error.name; } };
    // What works is looked at first, before anything of the realm is spoilt.
    const late = document.createElement('script'); late.textContent = 'document.body.dataset.late = "ran"'; document.body.append(late);
    document.body.insertAdjacentHTML('beforeend', '<b id="markup">markup</b>');
    document.getElementById('clicked').click();
    ${[...silent.map((code, i) => [`silent ${i}`, code] as const), ...Object.entries(links), ...Object.entries(ways)].map(([name, code]) => `attempt(${JSON.stringify(name)}, () => { ${code} });`).join('\n    ')}
    // What a frame runs comes later than two of these.
    setTimeout(() => setTimeout(() => parent.postMessage({ tried, heard, left: Object.getOwnPropertyNames(window).filter((name) => name.includes('RTC')), data: { ...document.body.dataset } }, '*'), 0), 0);
  </script>`;

/** A page in which a document of somebody runs in a frame, without anything before it. */
async function unguarded(page: Page, html: string): Promise<void> {
  await page.goto(`${server.origin}/plain`);
  await page.evaluate((text) => {
    const made = document.createElement('iframe');
    made.setAttribute('sandbox', 'allow-scripts');
    made.srcdoc = text;
    document.body.append(made);
  }, html);
}

test('a view has no way to send packets or to connect ahead: not by itself, not by a frame inside, not by a document, an attribute or a policy that it makes', async () => {
  const report = Promise.withResolvers<{ readonly tried: Readonly<Record<string, string>>; readonly heard: readonly string[]; readonly left: readonly string[]; readonly data: Readonly<Record<string, string>> }>();
  const page = await own.browser.newPage();
  await page.exposeFunction('toEditor', (said: { readonly kind: string; readonly message: Awaited<typeof report.promise> }) => void (said.kind === 'message' && report.resolve(said.message)));
  await page.evaluateOnNewDocument('if (window === top) window.acquireVsCodeApi = () => ({ postMessage: (message) => void window.toEditor(message) })');
  await page.goto(`${server.origin}/`);
  await page.evaluate((html) => window.postMessage({ kind: 'show', html, from: 'Made by the server', title: 'Hostile', unwalled: 'Not here' }, '*'), view(outside));
  const { tried, heard, left, data } = await report.promise;
  const did = Object.entries(tried).filter(([, outcome]) => outcome === 'did').map(([name]) => name);
  expect(did.filter((name) => !name.startsWith('silent') && !name.startsWith('a link'))).toEqual([]);
  expect({ left, heard, ...data }).toEqual({ left: [], heard: [], late: 'ran', clicked: 'yes' });
  // The same by somebody whom nothing holds: it takes longer than all of that, and is what would have come.
  await using seen = await listening();
  await unguarded(page, `<!doctype html><head><link rel="preconnect" href="${seen.web}"></head><script>${packets(seen.stun)}</script>`);
  await seen.first;
  await expect.poll(() => seen.came.toSorted(), { timeout: 30_000 }).toEqual(expect.arrayContaining(['a connection', 'a packet']) as string[]);
  expect(outside.came).toEqual([]);
  await page.close();
});

test('a browser that could not hold a view shows none, and says so: neither page makes a frame', async () => {
  const page = await own.browser.newPage();
  await page.evaluateOnNewDocument('Reflect.deleteProperty(globalThis, "trustedTypes"); if (window === top) window.acquireVsCodeApi = () => ({ postMessage: () => undefined })');
  await page.goto(`${server.origin}/`);
  await page.evaluate(() => window.postMessage({ kind: 'show', html: '<p>shown</p>', from: 'Made by the server', title: 'Any', unwalled: 'Not here' }, '*'));
  await page.waitForFunction(() => document.getElementById('from')?.textContent === 'Not here');
  expect(await page.$('iframe')).toBeNull();
  await page.close();
});
