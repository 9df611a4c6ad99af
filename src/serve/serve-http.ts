import { HttpEndpoint, type EndpointOptions } from './http/http-endpoint.ts';
import { makeServer, type ServedOptions } from './make-server.ts';
import type { ServedTools } from './served-tools.ts';
import { ServedTasks, type TaskLimits } from './tasks/served-tasks.ts';

export interface HttpOptions extends Omit<ServedOptions, 'tools' | 'tasks'>, Omit<EndpointOptions, 'factory'> {
  readonly tools: ServedTools;
  readonly limits?: TaskLimits;
}

export interface HttpService extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
}

/** Serves any number of clients on a port of this computer. Throws `invalid-input` where the port is taken. */
export async function serveOnHttp({ tools, use, version, start, limits, ...endpoint }: HttpOptions): Promise<HttpService> {
  const library = await import('@modelcontextprotocol/server');
  const tasks = new ServedTasks(limits);
  const open = await HttpEndpoint.start({ ...endpoint, factory: ({ era }) => makeServer(library, era, { use, version, start, tasks, tools: () => tools.list() }) });
  const watch = tools.onChange(() => open.toolsChanged());
  return {
    url: open.url, token: open.token,
    [Symbol.asyncDispose]: async () => {
      watch[Symbol.dispose]();
      tasks[Symbol.dispose]();
      await open[Symbol.asyncDispose]();
    },
  };
}
