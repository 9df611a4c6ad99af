import type { RunHandle } from '../../run/run-manager.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { AssassinError, fromErrorInfo } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import { FunctionServer, type ServedCall } from './function-server.ts';
import type { ServeOptions } from './serve-options.ts';

/** Where a served function answers. */
export interface Serving {
  readonly url: string;
  readonly token: string;
  readonly port: number;
}

export interface ServingHandle extends RunHandle {
  /** Resolves once it answers; rejects with what kept it from that. */
  readonly ready: Promise<Serving>;
  /** Lets calls that are under way end, and then the run. */
  stop(): void;
}

export interface ServeRequest {
  readonly title: string;
  readonly settings: ServeOptions;
  readonly start: (body: (scope: RunScope) => Promise<Json>) => RunHandle;
  /** Before anybody can call: throws where it must not be served. */
  readonly prepare: (scope: RunScope) => Promise<void>;
  readonly answer: (scope: RunScope, call: ServedCall) => Promise<Json>;
}

/**
 * Serves a function in one run that goes on until it is stopped; each call is a step of it with a sandbox of its own. A run for each call would cost
 * several times what the call costs, and leave a list of runs in which nobody finds anything.
 */
export function serveFunction({ title, settings, start, prepare, answer }: ServeRequest): ServingHandle {
  const ready = Promise.withResolvers<Serving>();
  const stopped = Promise.withResolvers<void>();
  ready.promise.catch(() => undefined);
  const handle = start(async (scope) => {
    await scope.gate.check({ kind: 'fn.serve' });
    await prepare(scope);
    await using lease = await scope.lease({ kind: 'server', label: `${title} on 127.0.0.1` }, (leased) => FunctionServer.start(settings, leased, (call) => answer(scope, call)));
    const server = lease.resource;
    ready.resolve({ url: server.url, token: server.token, port: server.port });
    scope.log('info', `${title} answers at ${server.url}`);
    await untilStopped(scope.signal, stopped.promise);
    await server.stop();
    return { url: server.url, ...server.statistics };
  });
  const outcome = handle.outcome.then((end) => {
    ready.reject(end.error ? fromErrorInfo(end.error) : new AssassinError('cancelled', 'It was stopped before it answered.'));
    return end;
  });
  return { id: handle.id, outcome, cancel: (reason) => handle.cancel(reason), ready: ready.promise, stop: () => stopped.resolve() };
}

function untilStopped(signal: AbortSignal, stopped: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    void stopped.then(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
  });
}
