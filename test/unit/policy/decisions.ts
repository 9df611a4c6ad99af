import { posix, win32, type PlatformPath } from 'node:path';
import { netAction, type Action } from '../../../src/policy/action.ts';
import { authorize } from '../../../src/policy/authorize.ts';
import { parseGrant } from '../../../src/policy/grant.ts';
import type { DecisionEffect } from '../../../src/shared/events.ts';

/** A grant or rule, what is done, and what the one function says; then why it matters. */
export type DecisionCase<T> = readonly [text: string, subject: T, effect: DecisionEffect, why: string];

export const workspace = '/home/ada/shop';
export const windowsWorkspace = 'C:\\Users\\ada\\shop';

/** With this one grant and no rules. */
export function granted(text: string, action: Action, path: PlatformPath = posix): DecisionEffect {
  return authorize(action, [parseGrant(text, path === win32 ? windowsWorkspace : workspace, { path })], []).effect;
}

/** With a rule that denies, in a run that is granted the action as such. */
export function forbidden(text: string, action: Action, path: PlatformPath = posix): DecisionEffect {
  const root = path === win32 ? windowsWorkspace : workspace;
  const all = { ...parseGrant('browser', root), kind: action.kind, matches: () => true };
  return authorize(action, [all], [{ effect: 'deny', grant: parseGrant(text, root, { path }), origin: 'settings.json:3' }]).effect;
}

export const read = (path: string): Action => ({ kind: 'fs.read', path });
export const write = (path: string): Action => ({ kind: 'fs.write', path });
export const reach = (url: string): Action => netAction(new URL(url));
export const run = (...argv: readonly string[]): Action => ({ kind: 'exec', argv, cwd: workspace });
