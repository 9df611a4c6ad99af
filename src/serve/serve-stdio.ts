import type { Readable, Writable } from 'node:stream';
import { makeServer, type ServedOptions } from './make-server.ts';
import type { ServedTools } from './served-tools.ts';
import { ServedTasks } from './tasks/served-tasks.ts';

export interface StdioOptions extends Omit<ServedOptions, 'tools' | 'tasks'> {
  readonly tools: ServedTools;
  readonly input: Readable;
  readonly output: Writable;
  /** Ends the service. */
  readonly signal: AbortSignal;
  readonly onError: (error: Error) => void;
}

/** Serves one client on a pair of streams, in whichever revision of the protocol it speaks, until it closes its end. */
export async function serveOnStreams({ tools, input, output, signal, onError, ...served }: StdioOptions): Promise<void> {
  const [library, { serveStdio, StdioServerTransport }] = await Promise.all([import('@modelcontextprotocol/server'), import('@modelcontextprotocol/server/stdio')]);
  const over = Promise.withResolvers<void>();
  // A client that is killed closes nothing by itself; the system closes its end of the pipes for it.
  for (const event of ['end', 'close', 'error'] as const) input.once(event, () => over.resolve());
  output.once('error', () => over.resolve());
  output.once('close', () => over.resolve());
  signal.addEventListener('abort', () => over.resolve(), { once: true });
  if (signal.aborted) return;
  const watches = new Set<Disposable>();
  using tasks = new ServedTasks();
  const handle = serveStdio(({ era }) => {
    const server = makeServer(library, era, { ...served, tasks, tools: () => tools.list() });
    watches.add(tools.onChange(() => void server.sendToolListChanged().catch(onError)));
    return server;
  }, { transport: new StdioServerTransport(input, output), onerror: onError });
  try {
    await over.promise;
  } finally {
    for (const watch of watches) watch[Symbol.dispose]();
    await handle.close();
  }
}
