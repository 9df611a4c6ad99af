import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { scriptedPage, staticPage } from './pages.mjs';
import { pageCount } from './products.mjs';

/** What is special about which page. */
const scripted = 4;
const slow = 5;
const failing = 6;

const scriptDelayMs = 150;
const slowMs = 800;

/**
 * @param {string} path
 * @returns {Promise<{ status: number, body: string }>}
 */
async function answer(path) {
  const page = path === '/' ? 1 : Number(/^\/catalogue\/(\d+)$/.exec(path)?.[1]);
  if (!(page >= 1 && page <= pageCount)) return { status: 404, body: '<!doctype html><title>Not found</title><h1>Not found</h1>' };
  if (page === failing) return { status: 500, body: '<!doctype html><title>Error</title><h1>Internal server error</h1>' };
  if (page === slow) await sleep(slowMs);
  return { status: 200, body: page === scripted ? scriptedPage(page, scriptDelayMs) : staticPage(page) };
}

/**
 * Serves the shop on loopback, on a free port unless one is given.
 * @param {number} [port]
 * @returns {Promise<{ url: string, port: number, close: () => Promise<void> }>}
 */
export async function startShopSite(port = 0) {
  const server = createServer((request, response) => {
    answer(new URL(request.url ?? '/', 'http://shop').pathname).then(
      ({ status, body }) => response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(body),
      () => response.destroy(),
    );
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(undefined));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The shop has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { url } = await startShopSite(Number(process.argv[2] ?? 8123));
  console.log(`The shop is open at ${url}. Press Ctrl+C to close it.`);
}
