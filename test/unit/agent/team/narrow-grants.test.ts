import { describe, expect, it } from 'vitest';
import { helper, type AgentDefinition } from '../../../../src/agent/team/agent-definition.ts';
import { narrowGrants } from '../../../../src/agent/team/narrow-grants.ts';
import type { Action } from '../../../../src/policy/action.ts';
import { authorize } from '../../../../src/policy/authorize.ts';
import { parseGrants } from '../../../../src/policy/grant.ts';
import { taskGrants } from '../../../../src/policy/task-grants.ts';

const workspace = '/w';
const parents = [...taskGrants(workspace), ...parseGrants(['model a/m', 'fs.write src/**', 'exec npm test'], workspace)];
const agent: AgentDefinition = { ...helper, name: 'writer', grants: ['fs.write **', 'exec npm **', 'net https://x.example'] };
const write = (path: string): Action => ({ kind: 'fs.write', path });
const read = (path: string): Action => ({ kind: 'fs.read', path });
const may = (action: Action, of: AgentDefinition, wanted?: readonly string[], model = 'a/m') => authorize(action, narrowGrants({ parents, agent: of, wanted, model, workspace }), []).effect === 'allow';

describe('the grants of an agent', () => {
  it('are what its file names and its parent has', () => {
    expect([may(write('/w/src/a'), agent), may(write('/w/b'), agent), may({ kind: 'exec', argv: ['npm', 'test'], cwd: '/w' }, agent), may({ kind: 'exec', argv: ['npm', 'publish'], cwd: '/w' }, agent), may({ kind: 'net', scheme: 'https', host: 'x.example', port: 443 }, agent)]).toEqual([true, false, true, false, false]);
  });

  it('keep out what the parent leaves out: secrets, protected paths, another model', () => {
    expect([may(read('/w/a'), agent), may(read('/w/.env'), agent), may(read('/w/.env'), agent, ['fs.read .env']), may(write('/w/src/.git/hooks/x'), agent), may({ kind: 'model', model: 'a/m' }, agent), may({ kind: 'model', model: 'b/n' }, agent, undefined, 'b/n')]).toEqual([true, false, false, false, true, false]);
  });

  it('can be made less by the call, and not more than its file names', () => {
    expect([may(write('/w/src/a'), agent, []), may(write('/w/src/a'), agent, ['fs.write src/a']), may(write('/w/src/b'), agent, ['fs.write src/a'])]).toEqual([false, true, false]);
    const reader: AgentDefinition = { ...helper, name: 'reader' };
    expect(may(write('/w/src/a'), reader, ['fs.write src/**'])).toBe(false);
  });

  it('of the helper are only those that the call names', () => {
    expect([may(write('/w/src/a'), helper), may(write('/w/src/a'), helper, ['fs.write src/**']), may(write('/w/b'), helper, ['fs.write **'])]).toEqual([false, true, false]);
  });
});
