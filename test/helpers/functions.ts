import { request, type IncomingHttpHeaders } from 'node:http';
import type { StartServingOptions } from '../../src/chains/functions/function-runner.ts';
import { chainTest, type ChainRun } from './chains.ts';
import type { SandboxFiles } from './sandbox.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

export interface ServedTest extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** With the token, unless `headers` say otherwise. */
  call(path: string, options?: CallOptions): Promise<Answer>;
  /** Ends it and gives its run. */
  stop(): Promise<ChainRun>;
}

/** Serves `main.ts`, whose source is given, with the whole runtime. */
export async function servedTest(sandbox: SandboxFiles, source: string, { files = {}, exportName, ...options }: StartServingOptions & { readonly files?: Readonly<Record<string, string>>; readonly exportName?: string } = {}): Promise<ServedTest> {
  const test = await chainTest(sandbox, { 'main.ts': source, ...files });
  const handle = await test.runtime.functions.serve('main.ts', exportName, { ...options, grants: ['fn.serve', ...(options.grants ?? [])] });
  try {
    const { url, token, port } = await handle.ready;
    return {
      url, token, port,
      call: (path, call = {}) => send(port, path, { ...call, headers: { authorization: `Bearer ${token}`, ...call.headers } }),
      stop: () => {
        handle.stop();
        return test.finish(handle.id, handle.outcome);
      },
      [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
    };
  } catch (error) {
    await test[Symbol.asyncDispose]();
    throw error;
  }
}

/** By `node:http`, because `fetch` sets Host and Origin itself. */
export function send(port: number, path: string, { method, headers = {}, body, signal }: CallOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path, method: method ?? (body === undefined ? 'GET' : 'POST'), headers, ...(signal ? { signal } : {}), agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes, text: bytes.toString() });
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
