import type { UntrustedSource } from '../shared/approvals.ts';
import { defaultPort, type Action } from './action.ts';
import { reachesThrough } from './protected-paths.ts';

/** What a run has read that strangers wrote, and whom it had reached by then. */
export interface Untrusted {
  readonly sources: readonly UntrustedSource[];
  /** Whether the run has been in touch with this origin or server before: what it sends there goes back to where text came from. */
  readonly knows: (action: Action) => boolean;
  readonly workspace: string;
}

/** What has been read of a server whose tools were looked up: their descriptions, written by whoever wrote the server. */
export function descriptionsOf(server: string): UntrustedSource {
  return { kind: 'mcp', source: `${server}:${listing}` };
}

const listing = 'tools/list';
/** Sources beyond this many are not kept: of a list that is full nobody knows what is behind its end. */
export const maxSources = 50;
/** Of more servers than this nobody reads the descriptions only to choose one. */
const mostDescribed = 20;

const isListing = ({ kind, source }: UntrustedSource): boolean => kind === 'mcp' && source.endsWith(`:${listing}`);

/** A run that has read nothing but descriptions may call what they describe, or no tool that was looked up could be called by a broad grant. */
function isOnlyDescribed(server: string, sources: readonly UntrustedSource[]): boolean {
  return sources.length <= mostDescribed && sources.every(isListing) && sources.some(({ source }) => source === `${server}:${listing}`);
}

/** Descriptions aside, all that was read came from this server: what is sent to it goes back to where it came from. Between two servers, text of the one may ask for a call of the other, also of one that was called before. */
function isOnlyFrom(server: string, sources: readonly UntrustedSource[]): boolean {
  return sources.length < maxSources && sources.every((each) => isListing(each) || (each.kind === 'mcp' && each.source.startsWith(`${server}:`)));
}

/**
 * Why this action may be what the untrusted text wants, as the end of a sentence; `undefined` where it is not one of those that carry data out,
 * change what other programs obey, or use secrets.
 */
export function riskOf(action: Action, { knows, sources, workspace }: Untrusted): string | undefined {
  switch (action.kind) {
    case 'net':
      return knows(action) ? undefined : 'this would send data to another place than it has read from';
    case 'mcp':
      if (isOnlyDescribed(action.server, sources) || (knows(action) && isOnlyFrom(action.server, sources))) return undefined;
      return `this would send data to the MCP server ${action.server}, ${knows(action) ? 'and not all that was read came from there' : 'from which it has read nothing'}`;
    case 'exec':
    case 'node':
      return 'a program can send data anywhere';
    case 'secret':
      return 'this would use a secret';
    case 'fs.write':
      return reachesThrough('fs.write', action.path.startsWith(workspace) ? workspace : '', action.path) ? 'this would change a protected path, which other programs obey' : undefined;
    case 'fs.read':
    case 'browser':
    case 'model':
    case 'clock':
    case 'random':
    case 'package':
    case 'fn.serve':
      return undefined;
  }
}

/** One text for what counts as the same place to send data to: an origin (a page's web socket is of its origin), or a server. `undefined` for anything else. */
export function placeOf(action: Action): string | undefined {
  if (action.kind === 'mcp') return `mcp ${action.server}`;
  if (action.kind !== 'net') return undefined;
  const scheme = action.scheme === 'wss' ? 'https' : action.scheme === 'ws' ? 'http' : action.scheme;
  return `${scheme}://${action.host}:${action.port || defaultPort(scheme)}`;
}

const shownSources = 3;

/** "a web page of https://a.example and 2 more" */
export function describeSources(sources: readonly UntrustedSource[]): string {
  // Descriptions alone ask for nothing: named first, they would hide what the question is about.
  const read = sources.filter((each) => !isListing(each));
  const named = read.length === 0 ? sources : read;
  const [first, ...more] = named.slice(0, shownSources).map(({ kind, source }) => `${words[kind]} ${source}`);
  const rest = named.length - shownSources;
  return [first, ...more, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

const words: Readonly<Record<UntrustedSource['kind'], string>> = { web: 'the web at', mcp: 'the MCP tool', file: 'the file', command: 'the output of', run: 'the run' };
