import type { ConnectionTransport } from 'puppeteer-core/internal/puppeteer-core-browser.js';

/**
 * Chromium's debugging protocol over a web socket to a browser that runs elsewhere. Unlike the transport of puppeteer it follows no redirect, which could
 * lead to a place that nobody granted, and has the contexts that are made over it destroyed when it breaks: a killed host leaves no page open there.
 */
export class SocketTransport implements ConnectionTransport {
  onmessage?: (message: string) => void;
  onclose?: () => void;
  readonly #socket: WebSocket;

  static open(address: string, headers: Readonly<Record<string, string>>): Promise<SocketTransport> {
    // Node's own takes headers there; the types are those of browsers, which do not.
    const socket: WebSocket = Reflect.construct(WebSocket, [address, { headers }]);
    return new Promise((resolve, reject) => {
      socket.addEventListener('open', () => resolve(new SocketTransport(socket)), { once: true });
      socket.addEventListener('error', (event) => reject('error' in event && event.error instanceof Error ? event.error : new Error('the connection failed')), { once: true });
    });
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.onmessage?.(String(data)));
    socket.addEventListener('close', () => this.onclose?.());
  }

  send(message: string): void {
    this.#socket.send(message.startsWith(creating) ? disposable(message) : message);
  }

  close(): void {
    this.#socket.close();
  }
}

const creating = '{"method":"Target.createBrowserContext"';

function disposable(message: string): string {
  const command = JSON.parse(message) as { readonly params?: object };
  return JSON.stringify({ ...command, params: { ...command.params, disposeOnDetach: true } });
}
