import { describe, expect, it } from 'vitest';
import type { EventBody } from '../../../src/shared/events.ts';
import type { Rule } from '../../../src/policy/authorize.ts';
import { Gate, type Approver } from '../../../src/policy/gate.ts';
import { parseGrant, parseGrants } from '../../../src/policy/grant.ts';

function build(options: { grants?: string[]; rules?: Rule[]; answer?: boolean; signal?: AbortSignal; askUngranted?: boolean }) {
  const events: EventBody[] = [];
  const asked: string[] = [];
  const approver: Approver = {
    approve: (request) => {
      asked.push(request.text);
      return Promise.resolve(options.answer ?? false);
    },
    ask: () => Promise.resolve(undefined),
  };
  let waits = 0;
  const gate = new Gate({
    run: 'run_1', workspace: '/w', grants: parseGrants(options.grants ?? [], '/w'), rules: options.rules ?? [], askUngranted: options.askUngranted ?? false, approver,
    signal: options.signal ?? new AbortController().signal,
    record: (event) => events.push(event),
    waiting: async (work) => {
      waits += 1;
      return work();
    },
  });
  return { gate, events, asked, waits: () => waits };
}
const askFirst: Rule = { effect: 'ask', grant: parseGrant('browser', '/w'), origin: 'settings.json' };

describe('the gate', () => {
  it('lets a granted action through and has it on record', async () => {
    const { gate, events, asked } = build({ grants: ['browser'] });
    await gate.check({ kind: 'browser' }, 's_1');
    expect(events).toMatchObject([{ type: 'decision', action: 'browser', outcome: 'allowed', step: 's_1' }]);
    expect(asked).toEqual([]);
  });

  it('refuses an ungranted action with the grant and the flag that would allow it, and has that on record', async () => {
    const { gate, events } = build({});
    await expect(gate.check({ kind: 'mcp', server: 'github', tool: 'create_issue' })).rejects.toMatchObject({
      code: 'denied', hint: expect.stringContaining('--allow "mcp github:create_issue"') as string,
    });
    expect(events).toMatchObject([{ type: 'decision', outcome: 'denied' }]);
  });

  it('names the grant for a file as one writes it into a chain: relative to the workspace', async () => {
    const { gate } = build({});
    await expect(gate.check({ kind: 'fs.write', path: '/w/reports/a.json' })).rejects.toMatchObject({ hint: expect.stringContaining('"fs.write reports/a.json" in') as string });
    await expect(gate.check({ kind: 'fs.read', path: '/etc/hosts' })).rejects.toMatchObject({ hint: expect.stringContaining('"fs.read /etc/hosts" in') as string });
  });

  it.each([[true, 'allowed'], [false, 'denied']] as const)('asks where a rule says so; the answer %s makes it %s', async (answer, outcome) => {
    const { gate, events, asked, waits } = build({ grants: ['browser'], rules: [askFirst], answer });
    const check = gate.check({ kind: 'browser' });
    if (answer) await check;
    else await expect(check).rejects.toMatchObject({ code: 'denied' });
    expect(asked).toEqual(['browser']);
    expect(waits()).toBe(1);
    expect(events).toMatchObject([{ type: 'meter', meter: 'asks', value: 1 }, { type: 'decision', effect: 'ask', outcome }]);
  });

  it('lets nothing through once the run is cancelled, not even an approval that comes late', async () => {
    const controller = new AbortController();
    const { gate } = build({ grants: ['browser'], rules: [askFirst], answer: true, signal: controller.signal });
    const check = gate.check({ kind: 'browser' });
    controller.abort();
    await expect(check).rejects.toMatchObject({ name: 'AbortError' });
    await expect(gate.check({ kind: 'browser' })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('asks a person about what nothing names where the run may, once for each action', async () => {
    const { gate, asked, events } = build({ grants: ['fs.write src/**'], askUngranted: true, answer: true });
    await Promise.all([gate.check({ kind: 'browser' }), gate.check({ kind: 'browser' })]);
    await gate.check({ kind: 'browser' });
    await gate.check({ kind: 'fs.write', path: '/w/src/a.ts' });
    expect(asked).toEqual(['browser']);
    expect(events.filter(({ type }) => type === 'decision')).toMatchObject([{ effect: 'ask', outcome: 'allowed' }, { effect: 'ask' }, { effect: 'ask' }, { effect: 'allow' }]);
  });

  it('takes one "no" for the whole run where nothing names the action', async () => {
    const { gate, asked } = build({ askUngranted: true, answer: false });
    await expect(gate.check({ kind: 'browser' })).rejects.toMatchObject({ code: 'denied' });
    await expect(gate.check({ kind: 'browser' })).rejects.toMatchObject({ code: 'denied' });
    expect(asked).toEqual(['browser']);
  });

  it('asks each time where a rule says ask, and asks again for the same command in another folder', async () => {
    const first = build({ rules: [askFirst], askUngranted: true, answer: true });
    await first.gate.check({ kind: 'browser' });
    await first.gate.check({ kind: 'browser' });
    expect(first.asked).toHaveLength(2);
    const second = build({ askUngranted: true, answer: true });
    await second.gate.check({ kind: 'exec', argv: ['make'], cwd: '/w/a' });
    await second.gate.check({ kind: 'exec', argv: ['make'], cwd: '/w/b' });
    expect(second.asked).toHaveLength(2);
  });

  it('never asks about what a rule denies', async () => {
    const deny: Rule = { effect: 'deny', grant: parseGrant('browser', '/w'), origin: 'settings.json' };
    const { gate, asked } = build({ rules: [deny], askUngranted: true, answer: true });
    await expect(gate.check({ kind: 'browser' })).rejects.toMatchObject({ code: 'denied' });
    expect(asked).toEqual([]);
    expect(gate.allows({ kind: 'browser' })).toBe(false);
  });

  it('asks before a broad grant reaches a protected path', async () => {
    const { gate, asked } = build({ grants: ['fs.write **'], askUngranted: true, answer: false });
    await expect(gate.check({ kind: 'fs.write', path: '/w/.git/hooks/pre-commit' })).rejects.toMatchObject({ code: 'denied' });
    expect(asked).toEqual(['fs.write /w/.git/hooks/pre-commit']);
  });

  it('lets synchronous callers do what a person has approved in this run, and nothing before that', async () => {
    const { gate } = build({ askUngranted: true, answer: true });
    expect(gate.allows({ kind: 'browser' })).toBe(false);
    await gate.check({ kind: 'browser' });
    expect(gate.allows({ kind: 'browser' })).toBe(true);
  });

  it('counts a rule that asks as a denial where it cannot ask', () => {
    expect(build({ grants: ['browser'], rules: [askFirst] }).gate.allows({ kind: 'browser' })).toBe(false);
    expect(build({ grants: ['browser'] }).gate.allows({ kind: 'browser' })).toBe(true);
  });
});
