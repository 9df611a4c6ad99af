import { dirname, relative, sep } from 'node:path';
import type { ApprovalOffer } from '../shared/approvals.ts';
import { describeAction, grantFor, type Action } from './action.ts';
import type { Decision } from './authorize.ts';
import { parseGrant, permits, type Grant } from './grant.ts';
import { reachesThrough } from './protected-paths.ts';

export interface OfferContext {
  readonly workspace: string;
  readonly cause: NonNullable<Decision['cause']>;
  /** What this run has done or wanted so far. */
  readonly seen: readonly Action[];
}

const maxExamples = 5;
/** A run that wants files of so many folders would ask for each of them: then all folders in which these lie can be allowed at once. */
const scatteredFolders = 3;

/**
 * What a person can answer beside "once", narrowest first. No answer for the whole workspace is offered where an ask rule decided, which is changed where it is written,
 * nor for protected paths and secrets, which nobody should open for good in passing.
 */
export function offersFor(action: Action, { workspace, cause, seen }: OfferContext): readonly ApprovalOffer[] {
  const exact = standing(pinnedGrantFor(action, workspace), action, workspace);
  if (exact === undefined) return [];
  const guarded = action.kind === 'secret' || ((action.kind === 'fs.write' || action.kind === 'fs.read') && reachesThrough(action.kind, action.path.startsWith(workspace + sep) ? workspace : '', action.path));
  const folder = guarded || cause !== 'unlisted' ? undefined : standing(folderGrant(action, workspace), action, workspace);
  const tree = guarded || cause !== 'unlisted' ? undefined : standing(treeGrant(action, workspace, seen), action, workspace);
  const offer = (scope: ApprovalOffer['scope'], grant: Grant): ApprovalOffer => ({
    scope, grant: grant.text, sentence: sentenceOf(scope, grant, workspace), examples: examplesOf(grant, action, seen),
  });
  return [
    offer('run', exact),
    ...(folder === undefined ? [] : [offer('run', folder)]),
    ...(tree === undefined ? [] : [offer('run', tree)]),
    ...(cause === 'rule' || guarded ? [] : [offer('workspace', exact)]),
  ];
}

/** Only what is read back as a grant that allows just this is offered: names may hold anything, also what means something in a grant. */
function standing(text: string | undefined, action: Action, workspace: string): Grant | undefined {
  if (text === undefined) return undefined;
  try {
    const grant = parseGrant(text, workspace);
    return permits(grant, action) && grant.limits === undefined ? grant : undefined;
  } catch {
    return undefined;
  }
}

/** As `grantFor`, and bound to the server and the definition that are there now. */
export function pinnedGrantFor(action: Action, workspace: string): string {
  if (action.kind !== 'mcp') return grantFor(action, workspace);
  const { server, tool, pins = {} } = action;
  return `mcp ${server}${pins.server === undefined ? '' : `@${pins.server}`}:${tool}${pins.tool === undefined ? '' : `@${pins.tool}`}`;
}

/** All files of the folder in which this one lies; not of the workspace's own, which would be most of it. */
function folderGrant(action: Action, workspace: string): string | undefined {
  if (action.kind !== 'fs.read' && action.kind !== 'fs.write') return undefined;
  const folder = relative(workspace, dirname(action.path)).replaceAll(sep, '/');
  return folder === '' || folder.startsWith('..') ? undefined : `${action.kind} ${folder}/*`;
}

/** All files below the deepest folder that holds whatever this run wanted to read, or to write, so far. Protected paths in it are asked for all the same. */
function treeGrant(action: Action, workspace: string, seen: readonly Action[]): string | undefined {
  if (action.kind !== 'fs.read' && action.kind !== 'fs.write') return undefined;
  const { kind } = action;
  const folders = [action, ...seen].flatMap((each) => (each.kind === kind && each.path.startsWith(workspace + sep) ? [relative(workspace, dirname(each.path)).split(sep).filter(Boolean)] : []));
  if (!action.path.startsWith(workspace + sep) || new Set(folders.map((names) => names.join('/'))).size < scatteredFolders) return undefined;
  const common = folders.reduce((shared, names) => {
    const parts = shared.findIndex((name, at) => name !== names[at]);
    return parts === -1 ? shared : shared.slice(0, parts);
  });
  return `${kind} ${[...common, '**'].join('/')}`;
}

function sentenceOf(scope: ApprovalOffer['scope'], grant: Grant, workspace: string): string {
  const until = scope === 'run' ? 'as often as this run wants, until it ends' : 'in every run in this workspace, until you revoke it';
  return `${whatOf(grant, workspace)}, ${until}.`;
}

function whatOf({ pattern, text }: Grant, workspace: string): string {
  switch (pattern.kind) {
    case 'fs.read':
    case 'fs.write': {
      const path = relative(workspace, pattern.root).replaceAll(sep, '/');
      const shown = path === '' || path.startsWith('..') ? pattern.root : path;
      const where = { exact: shown, one: `any file directly in ${shown}`, any: `any file ${path === '' ? 'of the workspace' : `below ${shown}`}, apart from protected ones` }[pattern.depth];
      return `${pattern.kind === 'fs.read' ? 'Reading' : 'Writing'} ${where}`;
    }
    case 'net':
      return `Sending to and reading from ${text.slice('net '.length)}, every address there`;
    case 'exec':
      return 'Running exactly this command, with all your rights, in any folder of the workspace';
    case 'node':
      return 'Running this file in a Node process, which can read the whole workspace and is no sandbox';
    case 'mcp':
      return `Calling the tool ${pattern.tool ?? '*'} of the MCP server ${pattern.server} with any arguments${pattern.serverPin === undefined && pattern.toolPin === undefined ? '' : ', as long as neither changes'}`;
    case 'secret':
      return `Using the secret ${pattern.name ?? '*'}`;
    case 'model':
      return `Asking the model ${pattern.name ?? '*'}, which may cost money`;
    case 'package':
      return `Using the package ${pattern.name ?? '*'} inside the sandbox`;
    case 'browser':
      return 'Starting a throwaway browser';
    case 'clock':
      return 'Reading the clock';
    case 'random':
      return 'Using random numbers';
    case 'fn.serve':
      return 'Serving a function on this machine';
  }
}

function examplesOf(grant: Grant, action: Action, seen: readonly Action[]): readonly string[] {
  const covered = [action, ...seen].filter((each) => permits(grant, each)).map(describeAction);
  return [...new Set(covered)].slice(0, maxExamples);
}
