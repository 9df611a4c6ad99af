import { describe, expect, it } from 'vitest';
import { denyAll, type Approver } from '../../../src/policy/approver.ts';
import type { Rule } from '../../../src/policy/authorize.ts';
import { Gate, type GateOptions } from '../../../src/policy/gate.ts';
import { parseGrant, parseGrants } from '../../../src/policy/grant.ts';
import { Redactor } from '../../../src/policy/redact.ts';
import { UntrustedFiles } from '../../../src/policy/untrusted-files.ts';
import type { EventBody } from '../../../src/shared/events.ts';
import { person } from '../../helpers/approval.ts';

type Answer = Parameters<typeof person>[0];

function build(options: Partial<Pick<GateOptions, 'rules' | 'signal' | 'askUngranted' | 'approvalTimeoutMs' | 'untrusted' | 'decisions' | 'redact' | 'title'>> & { grants?: string[]; answer?: Answer; approver?: Approver }) {
  const events: EventBody[] = [];
  const door = person(options.answer);
  let waits = 0;
  const { grants = [], answer: _answer, approver = door, ...rest } = options;
  const gate = new Gate({
    run: 'run_1', title: 'Test', workspace: '/w', rules: [], signal: new AbortController().signal, ...rest, grants: parseGrants(grants, '/w'), approver,
    record: (event) => void events.push(event),
    waiting: async (work) => {
      waits += 1;
      return work();
    },
  });
  return { gate, events, door, get asked() { return door.texts; }, waits: () => waits };
}
const once = { answer: 'once' } as const;
const no = { answer: 'deny' } as const;
const web = { kind: 'web', source: 'https://news.example' } as const;
const reach = (host: string) => ({ kind: 'net', scheme: 'https', host, port: 443 }) as const;
const askFirst: Rule = { effect: 'ask', grant: parseGrant('browser', '/w'), origin: 'settings.json' };

describe('the gate', () => {
  it('lets a granted action through and has it on record', async () => {
    const { gate, events, door } = build({ grants: ['browser'] });
    await gate.check({ kind: 'browser' }, 's_1');
    expect(events).toMatchObject([{ type: 'decision', action: 'browser', outcome: 'allowed', step: 's_1' }]);
    expect(door.texts).toEqual([]);
  });

  it('does not ask about what is part of something that was allowed in the same step, and has on record why', async () => {
    const built = build({ askUngranted: true, answer: once });
    const { gate, events } = built;
    const exec = { kind: 'exec', argv: ['npm', 'run', 'dev'], cwd: '/w' } as const;
    await gate.check(exec, 's_1');
    await gate.check({ kind: 'browser' }, 's_1', { partOf: exec });
    expect(built.asked).toEqual(['exec npm run dev']);
    expect(events.at(-1)).toMatchObject({ type: 'decision', action: 'browser', effect: 'ask', outcome: 'allowed', reason: expect.stringContaining('part of "exec npm run dev"') as string });
    expect(gate.allows({ kind: 'browser' })).toBe(true);
    gate.ended('s_1');
    expect(gate.allows({ kind: 'browser' })).toBe(false);
    // In another step the same is a question again.
    await gate.check({ kind: 'browser' }, 's_2', { partOf: exec });
    expect(built.asked).toEqual(['exec npm run dev', 'browser']);
  });

  it('asks once where what makes a resource looks again, and anew in each step', async () => {
    const built = build({ askUngranted: true, answer: once });
    const { gate, events } = built;
    await gate.check({ kind: 'browser' }, 's_1');
    await gate.check({ kind: 'browser' });
    expect(built.asked).toEqual(['browser']);
    expect(events.at(-1)).toMatchObject({ type: 'decision', outcome: 'allowed', reason: expect.stringContaining('allowed once') as string });
    await gate.check({ kind: 'browser' }, 's_2');
    gate.ended('s_1');
    gate.ended('s_2');
    await gate.check({ kind: 'browser' });
    expect(built.asked).toEqual(['browser', 'browser', 'browser']);
  });

  it('asks about a part all the same where a rule says so, where the whole was not allowed, or where strangers may have led to it; and denies it where nobody is asked', async () => {
    const exec = { kind: 'exec', argv: ['npm', 'run', 'dev'], cwd: '/w' } as const;
    const ruled = build({ askUngranted: true, answer: once, rules: [askFirst] });
    await ruled.gate.check(exec, 's_1');
    await ruled.gate.check({ kind: 'browser' }, 's_1', { partOf: exec });
    const alone = build({ askUngranted: true, answer: once });
    await alone.gate.check({ kind: 'browser' }, 's_1', { partOf: exec });
    const led = build({ grants: ['exec npm run dev', 'net https://*.example'], answer: once, untrusted: [web] });
    await led.gate.check(exec, 's_1');
    await led.gate.check(reach('other.example'), 's_1', { partOf: exec });
    expect([ruled.asked, alone.asked, led.asked]).toEqual([['exec npm run dev', 'browser'], ['browser'], ['net https://other.example']]);
    const granted = build({ grants: ['exec npm run dev'] });
    await granted.gate.check(exec, 's_1');
    await expect(granted.gate.check({ kind: 'browser' }, 's_1', { partOf: exec })).rejects.toMatchObject({ code: 'denied' });
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

  it('shows no secret in a question, and offers no grant that would', async () => {
    const redactor = new Redactor();
    redactor.add(['correct-horse']);
    const { gate, door } = build({ askUngranted: true, answer: once, title: 'Tell correct-horse', redact: (value) => redactor.redactJson(value) });
    await gate.check({ kind: 'fs.write', path: '/w/correct-horse.txt' });
    const [asked] = door.asked;
    expect(asked).toMatchObject({ title: 'Tell [redacted]', text: expect.stringContaining('[redacted].txt') as string });
    expect(asked?.offers.map(({ grant }) => grant)).not.toContain('fs.write [redacted].txt');
    expect(JSON.stringify({ ...asked, signal: undefined })).not.toContain('correct-horse');
  });

  it.each([['once', 'allowed'], ['deny', 'denied']] as const)('asks where a rule says so; the answer %s makes it %s', async (answer, outcome) => {
    const { gate, events, door, waits } = build({ grants: ['browser'], rules: [askFirst], answer: { answer } });
    const check = gate.check({ kind: 'browser' });
    if (answer === 'once') await check;
    else await expect(check).rejects.toMatchObject({ code: 'denied' });
    expect(door.texts).toEqual(['browser']);
    expect(waits()).toBe(1);
    expect(events).toMatchObject([
      { type: 'approval.asked', action: 'browser', cause: 'rule' }, { type: 'meter', meter: 'asks', value: 1 }, { type: 'approval.closed', how: answer }, { type: 'decision', effect: 'ask', outcome },
    ]);
  });

  it('lets nothing through once the run is cancelled, not even an approval that comes late', async () => {
    const controller = new AbortController();
    const { gate } = build({ grants: ['browser'], rules: [askFirst], answer: once, signal: controller.signal });
    const check = gate.check({ kind: 'browser' });
    controller.abort();
    await expect(check).rejects.toMatchObject({ name: 'AbortError' });
    await expect(gate.check({ kind: 'browser' })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('asks a person about what nothing names where the run may, and takes "once" for once', async () => {
    const { gate, door, events } = build({ grants: ['fs.write src/**'], askUngranted: true, answer: once });
    await gate.check({ kind: 'browser' });
    await gate.check({ kind: 'browser' });
    await gate.check({ kind: 'fs.write', path: '/w/src/a.ts' });
    expect(door.texts).toEqual(['browser', 'browser']);
    expect(events.filter(({ type }) => type === 'decision')).toMatchObject([{ effect: 'ask', outcome: 'allowed' }, { effect: 'ask' }, { effect: 'allow' }]);
  });

  it('puts one question for equal calls that wait together, says how many wait, and counts one ask', async () => {
    const { promise, resolve } = Promise.withResolvers<typeof once>();
    const waiting: number[] = [];
    const door = person(() => promise);
    const { gate, events } = build({ askUngranted: true, approver: { ...door, changed: (approval) => waiting.push(approval.waiting) } });
    const checks = [1, 2, 3].map(() => gate.check({ kind: 'browser' }));
    await new Promise((done) => setImmediate(done));
    resolve(once);
    await Promise.all(checks);
    expect(door.texts).toEqual(['browser']);
    expect(waiting).toEqual([2, 3]);
    expect(events.filter(({ type }) => type === 'meter')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'decision')).toHaveLength(3);
  });

  it('does not ask again for what was allowed for the run, in the words that were offered', async () => {
    const { gate, door, events } = build({ askUngranted: true, answer: ({ offers }) => ({ answer: 'run', grant: offers[1]!.grant }) });
    await gate.check({ kind: 'fs.write', path: '/w/reports/a.md' });
    await gate.check({ kind: 'fs.write', path: '/w/reports/b.md' });
    expect(door.asked[0]?.offers).toMatchObject([{ scope: 'run', grant: 'fs.write reports/a.md' }, { scope: 'run', grant: 'fs.write reports/*' }, { scope: 'workspace', grant: 'fs.write reports/a.md' }]);
    expect(door.texts).toEqual(['fs.write /w/reports/a.md']);
    expect(events.at(-1)).toMatchObject({ type: 'decision', effect: 'allow', rule: 'fs.write reports/* (your answer in this run)' });
    await gate.check({ kind: 'fs.write', path: '/w/other/c.md' });
    expect(door.texts).toHaveLength(2);
  });

  it('takes a standing answer that was not offered for a no', async () => {
    const { gate } = build({ askUngranted: true, answer: { answer: 'run', grant: 'fs.write **' } });
    await expect(gate.check({ kind: 'fs.write', path: '/w/a.md' })).rejects.toMatchObject({ code: 'denied' });
    await expect(gate.check({ kind: 'fs.write', path: '/w/b.md' })).rejects.toMatchObject({ code: 'denied' });
  });

  it('tells the reason of a no to whoever asked, and does not ask for the same again', async () => {
    const { gate, door, events } = build({ askUngranted: true, answer: { answer: 'deny', reason: 'Use the staging host.' } });
    for (const _time of [1, 2]) {
      await expect(gate.check(reach('prod.example'))).rejects.toMatchObject({ code: 'denied', message: expect.stringContaining('The person said no: Use the staging host.') as string, data: { how: 'deny' } });
    }
    expect(door.texts).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'approval.closed')).toMatchObject([{ how: 'deny', reason: 'Use the staging host.' }]);
  });

  it('takes no answer within the time limit for a no', async () => {
    const { gate, events, door } = build({ askUngranted: true, approvalTimeoutMs: 5, answer: () => new Promise(() => undefined) });
    await expect(gate.check({ kind: 'browser' })).rejects.toMatchObject({ code: 'denied', message: expect.stringContaining('Nobody answered in time') as string });
    expect(door.asked[0]?.signal.aborted).toBe(true);
    expect(events.find(({ type }) => type === 'approval.closed')).toMatchObject({ how: 'timeout' });
  });

  it('asks nobody, and counts nothing, where nobody can be asked', async () => {
    const { gate, events } = build({ rules: [askFirst], grants: ['browser'], approver: denyAll });
    await expect(gate.check({ kind: 'browser' })).rejects.toMatchObject({ code: 'denied', hint: expect.stringContaining('--allow') as string });
    expect(events).toMatchObject([{ type: 'decision', effect: 'ask', outcome: 'denied' }]);
  });

  it('says where the rule is written that asks, as a place to open', async () => {
    const rule: Rule = { effect: 'ask', grant: parseGrant('browser', '/w'), origin: '.vscode/settings.json:7' };
    const { gate, door } = build({ rules: [rule], answer: once });
    await gate.check({ kind: 'browser' }, 's_1', { tool: 'browser.open' });
    expect(door.asked[0]).toMatchObject({
      title: 'Test', origin: { tool: 'browser.open', step: 's_1' }, waiting: 1,
      why: { cause: 'rule', rule: 'browser', origin: '.vscode/settings.json:7', place: { file: '.vscode/settings.json', line: 7 } },
      offers: [{ scope: 'run', grant: 'browser' }],
    });
  });

  it('shows what an offered rule would cover of what the run has done so far', async () => {
    const { gate, door } = build({ grants: ['fs.write reports/a.md', 'fs.write notes/x.md'], askUngranted: true, answer: once });
    await gate.check({ kind: 'fs.write', path: '/w/reports/a.md' });
    await gate.check({ kind: 'fs.write', path: '/w/notes/x.md' });
    await gate.check({ kind: 'fs.write', path: '/w/reports/b.md' });
    expect(door.asked[0]?.offers[1]).toEqual({
      scope: 'run', grant: 'fs.write reports/*', sentence: 'Writing any file directly in reports, as often as this run wants, until it ends.',
      examples: ['fs.write /w/reports/b.md', 'fs.write /w/reports/a.md'],
    });
  });

  it('offers all folders at once where a run asks for files of many, and still asks for a protected one', async () => {
    const { gate, door } = build({ askUngranted: true, answer: ({ offers }) => (offers.length < 4 ? once : { answer: 'run', grant: offers[2]!.grant }) });
    for (const path of ['/w/src/a/x.ts', '/w/src/b/x.ts', '/w/src/a/y.ts', '/w/src/c/x.ts', '/w/src/d/e/x.ts']) await gate.check({ kind: 'fs.write', path });
    expect(door.asked).toHaveLength(4);
    expect(door.asked.map(({ offers }) => offers.length)).toEqual([3, 3, 3, 4]);
    expect(door.asked[3]?.offers[2]).toMatchObject({ scope: 'run', grant: 'fs.write src/**', sentence: 'Writing any file below src, apart from protected ones, as often as this run wants, until it ends.' });
    await gate.check({ kind: 'fs.write', path: '/w/src/.vscode/settings.json' });
    await gate.check({ kind: 'fs.write', path: '/w/docs/x.md' });
    expect(door.asked.slice(4).map(({ offers }) => offers.map(({ grant }) => grant))).toEqual([
      ['fs.write src/.vscode/settings.json'], ['fs.write docs/x.md', 'fs.write docs/*', 'fs.write **', 'fs.write docs/x.md'],
    ]);
    expect(door.asked[5]?.offers[2]?.sentence).toContain('any file of the workspace, apart from protected ones');
  });

  it('offers nothing for good where a protected path or a secret is concerned, nor where a rule asks each time', async () => {
    const { gate, door } = build({ rules: [askFirst], askUngranted: true, answer: once });
    await gate.check({ kind: 'fs.write', path: '/w/.git/hooks/pre-commit' });
    await gate.check({ kind: 'secret', name: 'TOKEN' });
    await gate.check({ kind: 'browser' });
    expect(door.asked.map(({ offers }) => offers.map(({ scope, grant }) => `${scope}: ${grant}`))).toEqual([['run: fs.write .git/hooks/pre-commit'], ['run: secret TOKEN'], ['run: browser']]);
  });

  it('takes one "no" for the whole run where nothing names the action', async () => {
    const { gate, door } = build({ askUngranted: true, answer: no });
    await expect(gate.check({ kind: 'browser' })).rejects.toMatchObject({ code: 'denied' });
    await expect(gate.check({ kind: 'browser' })).rejects.toMatchObject({ code: 'denied' });
    expect(door.texts).toEqual(['browser']);
  });

  it('asks each time where a rule says ask, and asks again for the same command in another folder', async () => {
    const first = build({ rules: [askFirst], askUngranted: true, answer: once });
    await first.gate.check({ kind: 'browser' });
    await first.gate.check({ kind: 'browser' });
    expect(first.asked).toHaveLength(2);
    const second = build({ askUngranted: true, answer: once });
    await second.gate.check({ kind: 'exec', argv: ['make'], cwd: '/w/a' });
    await second.gate.check({ kind: 'exec', argv: ['make'], cwd: '/w/b' });
    expect(second.asked).toHaveLength(2);
  });

  it('never asks about what a rule denies', async () => {
    const deny: Rule = { effect: 'deny', grant: parseGrant('browser', '/w'), origin: 'settings.json' };
    const { gate, door } = build({ rules: [deny], askUngranted: true, answer: once });
    await expect(gate.check({ kind: 'browser' })).rejects.toMatchObject({ code: 'denied' });
    expect(door.texts).toEqual([]);
    expect(gate.allows({ kind: 'browser' })).toBe(false);
  });

  it('asks before a broad grant reaches a protected path', async () => {
    const { gate, door } = build({ grants: ['fs.write **'], askUngranted: true, answer: no });
    await expect(gate.check({ kind: 'fs.write', path: '/w/.git/hooks/pre-commit' })).rejects.toMatchObject({ code: 'denied' });
    expect(door.texts).toEqual(['fs.write /w/.git/hooks/pre-commit']);
  });

  it('lets synchronous callers do what a person has approved in this run, and nothing before that', async () => {
    const { gate } = build({ askUngranted: true, answer: once });
    expect(gate.allows({ kind: 'browser' })).toBe(false);
    await gate.check({ kind: 'browser' });
    expect(gate.allows({ kind: 'browser' })).toBe(true);
  });

  it('counts a rule that asks as a denial where it cannot ask', () => {
    expect(build({ grants: ['browser'], rules: [askFirst] }).gate.allows({ kind: 'browser' })).toBe(false);
    expect(build({ grants: ['browser'] }).gate.allows({ kind: 'browser' })).toBe(true);
  });

  it('lets a run that read strangers\' text reach by a broad grant only where it was before, and asks for the rest with what it has read', async () => {
    const { gate, door, events } = build({ grants: ['net https://*.example'], answer: once });
    await gate.check(reach('news.example'), 's_1');
    gate.hasRead(reach('news.example'), 's_1');
    await gate.check(reach('news.example'));
    expect(door.texts).toEqual([]);
    await gate.check(reach('evil.example'), 's_2');
    expect(door.asked).toMatchObject([{ text: 'net https://evil.example', why: { cause: 'untrusted', rule: 'net https://*.example' }, untrusted: [{ kind: 'web', source: 'https://news.example', step: 's_1' }] }]);
    expect(events.filter(({ type }) => type === 'untrusted.read')).toMatchObject([{ source: 'https://news.example', step: 's_1' }]);
    // Once does not make it a place that is known.
    await gate.check(reach('evil.example'));
    expect(door.texts).toHaveLength(2);
  });

  it('keeps to an answer for the run that was given after strangers\' text was read', async () => {
    const { gate, door } = build({ grants: ['net https://*.example'], untrusted: [web], answer: ({ offers }) => ({ answer: 'run', grant: offers[0]!.grant }) });
    await gate.check(reach('api.example'));
    await gate.check(reach('api.example'));
    expect(door.texts).toEqual(['net https://api.example']);
  });

  it('does not count a look at what a page may load as a place once strangers\' text was read', () => {
    const { gate } = build({ grants: ['net https://*.example'] });
    expect(gate.allows(reach('cdn.example'))).toBe(true);
    gate.mark(web);
    expect(gate.allows(reach('cdn.example'))).toBe(true);
    expect(gate.allows(reach('data.evil.example'))).toBe(false);
  });

  it('denies with the exact grant that would do where nobody can be asked after strangers\' text was read', async () => {
    const { gate } = build({ grants: ['net https://*.example'], untrusted: [web], approver: denyAll });
    await expect(gate.check(reach('api.example'))).rejects.toMatchObject({ code: 'denied', hint: expect.stringContaining('name it exactly: "net https://api.example"') as string });
  });

  it('remembers what a run wrote after it had read strangers\' text, and marks the run that reads it', async () => {
    const untrustedFiles = new UntrustedFiles('/w');
    const build2 = (untrusted: GateOptions['untrusted']) => new Gate({
      run: 'r', workspace: '/w', grants: parseGrants(['fs.write **', 'fs.read **'], '/w'), rules: [], approver: denyAll, untrustedFiles, ...(untrusted ? { untrusted } : {}),
      signal: new AbortController().signal, record: () => undefined, waiting: (work) => work(),
    });
    await build2([web]).check({ kind: 'fs.write', path: '/w/reports/a.md' });
    const reader = build2(undefined);
    reader.hasRead({ kind: 'fs.read', path: '/w/reports/b.md' });
    expect(reader.untrusted).toEqual([]);
    reader.hasRead({ kind: 'fs.read', path: '/w/reports/a.md' }, 's_9');
    expect(reader.untrusted).toEqual([{ kind: 'file', source: '/w/reports/a.md', step: 's_9' }]);
  });

  it('counts calls and bytes of a limited grant, and says that it is used up', async () => {
    const { gate } = build({ grants: ['net https://a.example {calls 2, bytes 1kB}'] });
    await gate.check(reach('a.example'));
    gate.spend(reach('a.example'), { bytes: 900 });
    expect(() => gate.spend(reach('a.example'), { bytes: 200 })).toThrow(expect.objectContaining({ code: 'budget-exceeded' }) as Error);
    await expect(gate.check(reach('a.example'))).rejects.toMatchObject({ code: 'denied', message: expect.stringContaining('has used up its 1000 bytes') as string });
  });

  it('lets what was allowed once go on only while its step does', async () => {
    const { gate } = build({ rules: [{ effect: 'ask', grant: parseGrant('net https://a.example', '/w'), origin: 'test' }], answer: once });
    await gate.check(reach('a.example'), 's_1');
    expect(gate.allows(reach('a.example'))).toBe(true);
    gate.ended('s_1');
    expect(gate.allows(reach('a.example'))).toBe(false);
  });
});
