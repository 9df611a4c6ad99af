import { peerModule, peerVersion } from './peer-packages.ts';
import type { Contender } from './measure.ts';
import { preludeScript } from './prelude.ts';

interface MiniflarePackage {
  readonly Miniflare: new (options: Readonly<Record<string, unknown>>) => {
    readonly ready: Promise<unknown>;
    dispatchFetch(url: string): Promise<{ text(): Promise<string> }>;
    dispose(): Promise<void>;
  };
}

const compatibilityDate = '2026-01-01';

/** Loads a worker of its own for each path; `/nothing` answers by itself, for the cost of the way there. */
const script = `
const prelude = ${JSON.stringify(preludeScript)};
export default {
  async fetch(request, env) {
    const path = new URL(request.url).pathname;
    if (path === '/nothing') return new Response('2');
    const worker = env.LOADER.get(path, () => ({
      compatibilityDate: '${compatibilityDate}', mainModule: 'main.js', globalOutbound: null,
      modules: { 'main.js': "import './prelude.js'; export default { fetch: () => new Response('' + (1 + 1)) };", 'prelude.js': prelude },
    }));
    return worker.getEntrypoint().fetch(request);
  },
};`;

export interface WorkerdLoader extends AsyncDisposable {
  readonly fresh: Contender;
  /** The same request without a new isolate: what of it is not the isolate's. */
  readonly way: Contender;
}

/** workerd's dynamic worker loader: a fresh isolate for each request, in a server that is warm. */
export async function workerdLoader(): Promise<WorkerdLoader> {
  const { Miniflare }: MiniflarePackage = await peerModule('miniflare');
  const server = new Miniflare({ modules: true, script, compatibilityDate, workerLoaders: { LOADER: {} } });
  await server.ready;
  let count = 0;
  const fetched = async (path: string) => {
    if (await (await server.dispatchFetch(`http://localhost/${path}`)).text() !== '2') throw new Error('It cannot add.');
  };
  const name = `${peerVersion('workerd')}, dynamic worker loader`;
  return {
    fresh: { name, work: () => fetched(`${++count}`) },
    way: { name: `${name}: the request alone`, work: () => fetched('nothing') },
    [Symbol.asyncDispose]: () => server.dispose(),
  };
}
