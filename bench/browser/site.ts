import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const items = Array.from({ length: 200 }, (_, i) => `<li><a href="/item/${i}">Item ${i}</a> <button>Buy</button></li>`).join('');
const html = `<!doctype html><title>Shop</title><link rel="icon" href="data:,"><style>li{padding:2px}</style><h1>Shop</h1><ul>${items}</ul><script>document.title = 'Shop of ' + document.querySelectorAll('li').length;</script>`;

/** One page of 200 rows on loopback, as every variant opens it. */
export async function startSite(): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((_request, response) => void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

/** What the page is called once its script has run; whoever says something else has not loaded it. */
export const expectedTitle = 'Shop of 200';
