import * as z from 'zod';
import { netAction } from '../policy/action.ts';
import { pinTarget, systemResolver, type Resolver } from '../policy/egress.ts';
import { AssassinError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { defaultExchangeLimits, exchange, type ExchangeAnswer, type ExchangeLimits, type ExchangeRequest } from './http-exchange.ts';
import { defineTool, type Tool, type ToolContext } from './tool.ts';

export interface HttpToolsOptions {
  readonly resolver?: Resolver;
  readonly limits?: Partial<ExchangeLimits>;
  /** Certificate authorities (PEM) instead of the built-in ones. */
  readonly ca?: string;
}

const maxRedirects = 5;

/** They frame the message or name the way it takes; a caller that sets them could smuggle a second request. */
const reservedHeaders: ReadonlySet<string> = new Set([
  'host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding', 'expect', 'upgrade', 'te', 'trailer', 'keep-alive', 'proxy-authorization', 'proxy-connection',
]);
/** Not carried over to another origin by a redirect. */
const credentialHeaders: ReadonlySet<string> = new Set(['authorization', 'cookie']);

const header = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is not a header name').refine((name) => !reservedHeaders.has(name.toLowerCase()), 'is set by the product itself');
const input = z.strictObject({
  url: z.string().max(16_384).refine(isHttpUrl, 'must be an http: or https: URL without a user name or password; put credentials into headers'),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET'),
  headers: z.record(header, z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'holds characters that a header cannot carry')).default({}),
  body: z.string().optional(),
  timeoutMs: z.int().min(1).max(600_000).default(60_000).describe('Milliseconds for the whole call, redirects included.'),
  as: z.enum(['text', 'base64']).default('text').describe('How the body is given back.'),
}).refine(({ method, body }) => body === undefined || (method !== 'GET' && method !== 'HEAD'), { path: ['body'], message: 'GET and HEAD carry no body' });
type HttpInput = z.infer<typeof input>;

/** HTTP without a browser. Each host, also that of a redirect, passes the gate before it is resolved, and is reached at the address that was checked. */
export function httpTools(options: HttpToolsOptions = {}): readonly Tool[] {
  return [
    defineTool({
      name: 'http.request',
      title: 'Send an HTTP request',
      description: 'Sends one HTTP request, follows up to five redirects and gives back status, headers, body and final URL. Any status is a result, not an error.',
      kind: 'http',
      effects: { readOnly: false, openWorld: true, untrustedOutput: true },
      secretFields: ['headers', 'body'],
      input,
      actions: ({ url }) => [netAction(new URL(url))],
      run: (request, context) => new HttpCall(request, context, options).run(),
    }),
  ];
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '';
}

class HttpCall {
  readonly #input: HttpInput;
  readonly #context: ToolContext;
  readonly #options: HttpToolsOptions;
  readonly #used = { requests: 0, in: 0, out: 0 };

  constructor(request: HttpInput, context: ToolContext, options: HttpToolsOptions) {
    this.#input = request;
    this.#context = context;
    this.#options = options;
  }

  async run(): Promise<Json> {
    const { timeoutMs, as } = this.#input;
    const total = new AbortController();
    const timer = setTimeout(() => total.abort(new AssassinError('timeout', `The request to ${this.#input.url} took more than ${timeoutMs} ms.`, { hint: 'Raise timeoutMs if it may take longer.', data: { phase: 'total', ms: timeoutMs } })), timeoutMs);
    try {
      const { answer, url } = await this.#follow(AbortSignal.any([this.#context.signal, total.signal]));
      return { status: answer.status, headers: answer.headers, body: as === 'base64' ? answer.body.toString('base64') : textOf(answer, url), url: url.href };
    } finally {
      clearTimeout(timer);
      this.#meter();
    }
  }

  async #follow(signal: AbortSignal): Promise<{ readonly answer: ExchangeAnswer; readonly url: URL }> {
    const { scope, step } = this.#context;
    let request: Omit<ExchangeRequest, 'addresses'> = { ...this.#input, url: new URL(this.#input.url) };
    for (let redirects = 0; ; redirects++) {
      // The first host has passed the gate as the action of this call; asking again would ask the person twice.
      if (redirects > 0) await scope.gate.check(netAction(request.url), step);
      const { addresses } = await unlessAborted(pinTarget(request.url, { allows: () => true }, this.#options.resolver ?? systemResolver), signal);
      scope.budget.require('egressBytes');
      this.#used.requests += 1;
      const answer = await this.#exchange({ ...request, addresses }, signal);
      const next = redirected(request, answer);
      if (next === undefined) return { answer, url: request.url };
      if (redirects === maxRedirects) throw new AssassinError('tool-failed', `${this.#input.url} redirects more than ${maxRedirects} times.`, { hint: 'Request the final address.' });
      request = next;
    }
  }

  #exchange(request: ExchangeRequest, signal: AbortSignal): Promise<ExchangeAnswer> {
    return exchange(request, {
      signal,
      limits: { ...defaultExchangeLimits, ...this.#options.limits },
      onTraffic: (bytesIn, bytesOut) => {
        this.#used.in += bytesIn;
        this.#used.out += bytesOut;
        this.#context.scope.budget.spend('egressBytes', bytesIn + bytesOut);
        this.#context.scope.gate.spend(netAction(request.url), { bytes: bytesIn + bytesOut });
      },
      ...(this.#options.ca === undefined ? {} : { ca: this.#options.ca }),
    });
  }

  #meter(): void {
    const { scope, step } = this.#context;
    const { requests, in: bytesIn, out: bytesOut } = this.#used;
    if (requests === 0) return;
    scope.meter('http.requests', requests, 'measured', 'requests sent by http.request', { step });
    scope.meter('egress.bytes_in', bytesIn, 'measured', 'bytes read from the sockets of http.request', { step });
    scope.meter('egress.bytes_out', bytesOut, 'measured', 'bytes written to the sockets of http.request', { step });
  }
}

/** Looking up a name cannot be stopped, but nobody has to wait for it. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    work.catch(() => undefined);
  }
}

/** The request that an answer asks for instead, `undefined` where it asks for none. As browsers do it: POST becomes GET on 301 to 303 (Fetch standard, HTTP-redirect fetch). */
function redirected(request: Omit<ExchangeRequest, 'addresses'>, { status, headers }: ExchangeAnswer): Omit<ExchangeRequest, 'addresses'> | undefined {
  const { location } = headers;
  if (location === undefined || ![301, 302, 303, 307, 308].includes(status)) return undefined;
  const url = URL.parse(location, request.url);
  if (url === null || !isHttpUrl(url.href)) throw new AssassinError('tool-failed', `${request.url.href} redirects to ${JSON.stringify(location)}, which cannot be followed.`, { hint: 'Request the final address.' });
  url.hash ||= request.url.hash;
  const asGet = (status === 303 && request.method !== 'HEAD') || (status <= 302 && request.method === 'POST');
  const dropped = (name: string) => (url.origin !== request.url.origin && credentialHeaders.has(name)) || (asGet && name.startsWith('content-'));
  const kept = Object.entries(request.headers).filter(([name]) => !dropped(name.toLowerCase()));
  return { url, method: asGet ? 'GET' : request.method, headers: Object.fromEntries(kept), ...(asGet || request.body === undefined ? {} : { body: request.body }) };
}

function textOf({ body, headers }: ExchangeAnswer, url: URL): string {
  const charset = /charset="?([\w-]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (!/^utf-?16/i.test(charset) && body.subarray(0, 8192).includes(0)) {
    throw new AssassinError('invalid-output', `${url.href} answered with binary data (${headers['content-type'] ?? 'no content type'}).`, { hint: 'Ask for it with as: "base64".' });
  }
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}
