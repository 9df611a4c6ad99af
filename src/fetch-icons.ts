import { pictureOf } from './mcp/safe-icon.ts';
import type { RunHandle } from './run/run-manager.ts';
import type { RunScope } from './run/run-scope.ts';
import type { Runtime } from './runtime.ts';
import { AssassinError, describeError } from './shared/errors.ts';
import type { Json } from './shared/json.ts';

/** Largest icon that is kept, bytes; and what all of one run may weigh on the wire. */
const maxIconBytes = 64 * 1024;
const maxRunBytes = 4 * 1024 * 1024;
const maxIcons = 100;

type Options = Parameters<Runtime['startWork']>[1];

/**
 * Fetches the icons that tools of a server name by an address: a run of its own, whose gate decides on each host. No cookies, names or tokens go along. What is no small PNG, JPEG or
 * WebP by its own bytes is not kept. The result says which were.
 */
export function startIcons(runtime: Runtime, server: string, options: Options): Promise<RunHandle> {
  return runtime.startWork({ title: `Icons of ${server}`, source: 'icons', input: { server } }, { ...options, budget: { egressBytes: maxRunBytes, ...options.budget } }, (scope) => fetchIcons(runtime, server, scope));
}

/** The work of such a run. */
export async function fetchIcons({ mcp, tools }: Pick<Runtime, 'mcp' | 'tools'>, server: string, scope: RunScope): Promise<Json> {
  const offered = await mcp.tools(server);
  const urls = [...new Set(offered.flatMap(({ iconUrl }) => iconUrl ?? []))].slice(0, maxIcons);
  let kept = 0;
  const refused: { readonly [key: string]: Json }[] = [];
  for (const url of urls) {
    try {
      const answer = await tools.call('http.request', { url, as: 'base64', timeoutMs: 30_000, headers: { accept: 'image/png, image/jpeg, image/webp' } }, scope);
      const picture = pictureOf(bodyOf(answer), maxIconBytes);
      if (picture === undefined) throw new AssassinError('invalid-output', `It is no PNG, JPEG or WebP of at most ${maxIconBytes} bytes.`);
      mcp.keepIcon(url, picture);
      kept += 1;
    } catch (error) {
      scope.signal.throwIfAborted();
      refused.push({ url, why: describeError(error) });
    }
  }
  return { kept, refused };
}

function bodyOf(answer: Json): Buffer {
  const { status = 0, body = '' } = typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? (answer as { readonly [key: string]: Json }) : {};
  if (status !== 200 || typeof body !== 'string') throw new AssassinError('invalid-output', `The answer was HTTP ${String(status)}.`);
  return Buffer.from(body, 'base64');
}
