import { createServer, type ServerResponse } from 'node:http';
import { panelHtml } from '../../../src/vscode/panel-html.ts';
import { builtWebview } from './built-webview.ts';

export interface PageServer extends AsyncDisposable {
  readonly url: string;
}

/** Serves the panel's own HTML, with its content security policy, and the built files on a loopback port. */
export async function servePanel(): Promise<PageServer> {
  const bundle = await builtWebview();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://loopback').pathname;
    const origin = `http://${request.headers.host ?? ''}`;
    if (path === '/') {
      return send(response, 'text/html', panelHtml({ cspSource: origin, script: `${origin}/panel.js`, style: `${origin}/panel.css`, nonce: 'dGVzdA', language: 'en' }));
    }
    const file = bundle.get(path.slice(1));
    if (file) return send(response, path.endsWith('.css') ? 'text/css' : 'text/javascript', file);
    // Browsers ask for an icon by themselves; the editor's webviews do not.
    response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The page server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

function send(response: ServerResponse, type: string, body: string | Uint8Array): void {
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
}
