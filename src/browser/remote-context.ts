import type { Browser, BrowserContext, Page } from 'puppeteer-core/internal/puppeteer-core-browser.js';
import type { Destruction } from '../run/lease.ts';
import { AssassinError } from '../shared/errors.ts';
import type { BrowserPlace } from './browser-place.ts';
import { PreparedContext } from './prepared-context.ts';
import { signIn, socketAddress, unreachableEndpoint, type Endpoint } from './remote-endpoint.ts';
import { SocketTransport } from './socket-transport.ts';
import { within } from './within.ts';

const connectMs = 30_000;

/** A context in a browser that somebody else runs. It is made and destroyed here; the browser is left as it was. */
export class RemoteContext implements BrowserPlace {
  readonly group = undefined;
  readonly #endpoint: Endpoint;
  readonly #gone = new AbortController();
  #browser: Browser | undefined;
  #prepared: PreparedContext | undefined;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  async begin(signal: AbortSignal): Promise<void> {
    const { origin } = this.#endpoint;
    const address = await socketAddress(this.#endpoint, signal);
    const { default: puppeteer } = await import('puppeteer-core/internal/puppeteer-core-browser.js');
    const connecting = SocketTransport.open(address, signIn(this.#endpoint)).then((transport) => puppeteer.connect({ transport, defaultViewport: null, acceptInsecureCerts: false }));
    // One that comes too late is nobody's: its connection must not stay.
    connecting.then((late) => signal.aborted && this.#browser !== late && void late.disconnect(), () => undefined);
    const browser = await within(connecting, signal, connectMs, () => this.failed(`did not answer within ${connectMs} ms`)).catch((error: unknown) => {
      throw AssassinError.isInstance(error) ? error : unreachableEndpoint(origin, error);
    });
    this.#browser = browser;
    browser.once('disconnected', () => this.#gone.abort(this.failed('has closed the connection')));
    this.#prepared = await PreparedContext.makeOpen(browser);
  }

  context(): BrowserContext {
    return this.#made().context;
  }

  newPage(): Promise<Page> {
    return this.#made().newPage();
  }

  failed(what: string): AssassinError {
    return new AssassinError('browser-failed', `The browser at ${this.#endpoint.origin} ${what}.`, { hint: 'See whether it still runs, and run it again.', data: { endpoint: this.#endpoint.origin } });
  }

  async destroy(): Promise<Destruction> {
    if (!this.#browser) return { verified: true, how: 'no connection came about' };
    const result = await (this.#prepared?.destroy() ?? Promise.resolve({ verified: true, how: 'no context was made' }));
    const lost = this.#gone.signal.aborted;
    await this.#browser.disconnect();
    // From here nobody can look any more: a browser behind a broken connection may well live on, with the context in it.
    return lost && this.#prepared ? { verified: false, how: `the connection to ${this.#endpoint.origin} broke before the context was seen to be gone` } : { ...result, how: `${result.how}; the browser itself was left as it was` };
  }

  #made(): PreparedContext {
    if (!this.#prepared) throw this.failed('was not connected to');
    return this.#prepared;
  }
}
