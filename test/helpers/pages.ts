import { expect } from 'vitest';
import type { Json } from '../../src/shared/json.ts';
import { browsers, browserToolbox, serve, type Handler, type ToolCaller } from './browser.ts';
import { withRun, type FinishedRun } from './run.ts';

/** Serves pages, opens `/` as p1 in a run with the grants that takes, and lets `body` use it and read what was stored. Gives the finished run, with nothing left behind. */
export async function onPage(pages: Readonly<Record<string, Handler>>, body: (call: ToolCaller, origin: string, blob: (id: string) => Promise<Uint8Array>) => Promise<Json>, executablePath = browsers[0]!, grants: readonly string[] = []): Promise<FinishedRun> {
  await using site = await serve(pages);
  const { tools } = browserToolbox({ executablePath });
  const run = await withRun(['browser', `net ${site.origin}`, ...grants], async (scope, { store }) => {
    const call = tools(scope);
    await call('browser.open', { url: `${site.origin}/` });
    return body(call, site.origin, (id) => store.blobs.read(id));
  });
  run.result();
  expect(run.outcome.clean).toBe(true);
  return run;
}

/** The error that a call ends with. */
export const rejected = (work: Promise<Json>): Promise<Error & { readonly code: string; readonly hint: string }> =>
  work.then(() => { throw new Error('it did not fail'); }, (error: Error & { readonly code: string; readonly hint: string }) => error);
