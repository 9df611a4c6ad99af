import nodePath, { type PlatformPath } from 'node:path';
import { capabilityKinds, type Action, type CapabilityKind } from './action.ts';
import { browserMatches, parseBrowserPattern, type BrowserPattern } from './browser-pattern.ts';
import { execCovers, execForbids, execMatches, parseExecPattern, type ExecPattern } from './exec-pattern.ts';
import { parseLimits, splitLimits, type GrantLimits } from './grant-limits.ts';
import type { GrantMeter } from './grant-meter.ts';
import { invalidGrant } from './invalid-grant.ts';
import { nameCovers, nameForbids, nameMatches, parseNamePattern, type NamePattern } from './name-pattern.ts';
import { netCovers, netMatches, parseNetPattern, type NetPattern } from './net-pattern.ts';
import { parsePathPattern, pathCovers, pathForbids, pathMatches, type PathPattern } from './path-pattern.ts';
import { reachesProtected, reachesThrough } from './protected-paths.ts';

export type GrantPattern = PathPattern | NetPattern | NamePattern | ExecPattern | BrowserPattern | { readonly kind: 'clock' | 'random' | 'fn.serve' };

/** A capability of a run: what it may do, as its author wrote it and as the gate matches it. */
export interface Grant {
  /** As written, for example `fs.write reports/**`. */
  readonly text: string;
  readonly kind: CapabilityKind;
  readonly pattern: GrantPattern;
  /** Where it is written, as a file with a line; absent where it was given by hand. */
  readonly origin?: string;
  /** Until when and for how much it holds, as written. */
  readonly limits?: GrantLimits;
  /** What is left of the limits; there once the run has begun that holds it. */
  readonly meter?: GrantMeter;
  /** What covers it in the run that handed it on is a pattern: that this one names one thing was not the person's doing, but maybe that of a text. */
  readonly fromBroader?: true;
  /** Whether the action is exactly of this pattern, protected paths included. */
  readonly matches: (action: Action) => boolean;
}

export interface GrantOptions {
  readonly origin?: string;
  /** How paths are written on the system that it is for. */
  readonly path?: PlatformPath;
}

const withResource: ReadonlySet<CapabilityKind> = new Set(['fs.read', 'fs.write', 'net', 'mcp', 'exec', 'secret', 'package', 'node']);

/** Reads `kind`, `kind pattern` or `kind pattern {limits}`; docs/security.md says what each means. Throws `invalid-grant`. */
export function parseGrant(text: string, workspace: string, { origin, path = nodePath }: GrantOptions = {}): Grant {
  const trimmed = text.trim();
  // A grant that looks like another one when it is read over must not be one.
  if (/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u.test(trimmed)) throw invalidGrant(`${JSON.stringify(text)} holds characters that cannot be seen.`, 'Write it anew by hand.');
  const { body, written } = limitsOf(trimmed);
  const [, kind = '', pattern = ''] = /^(\S*)\s*(.*)$/s.exec(body) ?? [];
  if (!isKind(kind)) throw invalidGrant(`"${text}" is not a grant: there is no capability "${kind}".`, `Use one of ${capabilityKinds.join(', ')}, for example "net https://shop.example".`);
  if (withResource.has(kind) && pattern === '') throw invalidGrant(`The grant "${kind}" needs a resource.`, `Write for example "${exampleOf(kind)}".`);
  if (!withResource.has(kind) && kind !== 'model' && kind !== 'browser' && pattern !== '') throw invalidGrant(`The grant "${kind}" takes no resource, but "${pattern}" was given.`, `Write just "${kind}".`);
  const parsed = parsePattern(kind, pattern, { text, workspace, path });
  const limits = written === undefined ? undefined : parseLimits(written, kind, text);
  return { text: trimmed, kind, pattern: parsed, ...(origin === undefined ? {} : { origin }), ...(limits === undefined ? {} : { limits }), matches: (action) => matches(parsed, action) };
}

export function parseGrants(texts: readonly string[], workspace: string, options: GrantOptions = {}): readonly Grant[] {
  return texts.map((text) => parseGrant(text, workspace, options));
}

/** Whether it allows the action: protected paths must be named. */
export function permits({ pattern, matches: fits }: Grant, action: Action): boolean {
  return fits(action) && !('root' in pattern && reachesProtected(pattern.root, action));
}

/** Whether the action falls under it as under a rule that denies or asks: more loosely, because a spelling that slips past a prohibition is worse than one too many. */
export function forbids({ pattern }: Grant, action: Action): boolean {
  switch (pattern.kind) {
    case 'fs.read':
    case 'fs.write':
    case 'node':
      return pathForbids(pattern, action);
    case 'exec':
      return execForbids(pattern, action);
    case 'mcp':
      return nameForbids(pattern, action);
    default:
      return matches(pattern, action);
  }
}

/** Whether `outer` permits whatever `inner` does, limits aside. */
export function covers({ pattern: outer }: Grant, { pattern: inner }: Grant): boolean {
  switch (outer.kind) {
    case 'fs.read':
    case 'fs.write':
      return (inner.kind === 'fs.read' || inner.kind === 'fs.write') && pathCovers(outer, inner) && !reachesThrough(outer.kind, outer.root, inner.root);
    case 'node':
      return inner.kind === 'node' && pathCovers(outer, inner);
    case 'net':
      return inner.kind === 'net' && netCovers(outer, inner);
    case 'exec':
      return inner.kind === 'exec' && execCovers(outer, inner);
    case 'mcp':
    case 'model':
    case 'secret':
    case 'package':
      return (inner.kind === 'mcp' || inner.kind === 'model' || inner.kind === 'secret' || inner.kind === 'package') && nameCovers(outer, inner);
    case 'browser':
      return inner.kind === 'browser' && inner.endpoint === outer.endpoint;
    case 'clock':
    case 'random':
    case 'fn.serve':
      return inner.kind === outer.kind;
  }
}

/** `fs.read {draft}` names a file: before there are limits there must be something that they limit. */
function limitsOf(text: string): ReturnType<typeof splitLimits> {
  const split = splitLimits(text);
  return isKind(split.body) && withResource.has(split.body) ? { body: text } : split;
}

function parsePattern(kind: CapabilityKind, pattern: string, context: { readonly text: string; readonly workspace: string; readonly path: PlatformPath }): GrantPattern {
  switch (kind) {
    case 'fs.read':
    case 'fs.write':
    case 'node':
      return parsePathPattern(kind, pattern, context);
    case 'net':
      return parseNetPattern(pattern, context.text);
    case 'exec':
      return parseExecPattern(pattern, context);
    case 'mcp':
    case 'model':
    case 'secret':
    case 'package':
      return parseNamePattern(kind, pattern, context.text);
    case 'browser':
      return parseBrowserPattern(pattern, context.text);
    case 'clock':
    case 'random':
    case 'fn.serve':
      return { kind };
  }
}

function matches(pattern: GrantPattern, action: Action): boolean {
  switch (pattern.kind) {
    case 'fs.read':
    case 'fs.write':
    case 'node':
      return pathMatches(pattern, action);
    case 'net':
      return netMatches(pattern, action);
    case 'exec':
      return execMatches(pattern, action);
    case 'mcp':
    case 'model':
    case 'secret':
    case 'package':
      return nameMatches(pattern, action);
    case 'browser':
      return browserMatches(pattern, action);
    case 'clock':
    case 'random':
    case 'fn.serve':
      return action.kind === pattern.kind;
  }
}

function isKind(text: string): text is CapabilityKind {
  return (capabilityKinds as readonly string[]).includes(text);
}

function exampleOf(kind: CapabilityKind): string {
  const examples: Partial<Record<CapabilityKind, string>> = {
    'fs.read': 'fs.read src/**', 'fs.write': 'fs.write reports/**', net: 'net https://shop.example', mcp: 'mcp github:*', exec: 'exec npm test', secret: 'secret API_KEY', package: 'package zod', node: 'node src/report.ts',
  };
  return examples[kind] ?? kind;
}
