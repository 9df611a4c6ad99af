import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunRecord, UsageReport } from '../../../src/shared/usage-report.ts';
import { chain, CommandLine } from './command-line.ts';

const sum = { '.assassin/chains/sum.ts': chain('return { total: input.a + 1 };') };

test('the runs of a machine are reported, exported as records, and added to those of another machine', async () => {
  using cli = new CommandLine(sum);
  await cli.json(['run', 'sum', '--input', '{"a":1}']);
  await cli.json(['run', 'sum', '--input', '{}', '--workspace', cli.workspace]);
  const { document: own } = await cli.json<UsageReport>(['savings', 'report', '--machine', 'desk']);
  expect(own).toMatchObject({ runs: 2, machines: ['desk'], codeRuns: 2, browserSessions: 0, costNanoUsd: 0, costs: [] });
  expect(own.services.map(({ service }) => service)).toContain('AWS Lambda');
  expect(own.saving?.listNanoUsd).toBeGreaterThan(0);

  expect((await cli.run(['savings', 'export', '--machine', 'desk', '--format', 'json', '--output', 'desk.json'])).code).toBe(0);
  const file = JSON.parse(readFileSync(join(cli.workspace, 'desk.json'), 'utf8')) as { records: RunRecord[] };
  const theirs = { ...file, records: file.records.map((item) => ({ ...item, run: `${item.run}x`, machine: 'laptop' })) };
  writeFileSync(join(cli.workspace, 'laptop.json'), JSON.stringify(theirs));
  const { document: team } = await cli.json<UsageReport>(['savings', 'report', 'desk.json', 'laptop.json', 'desk.json']);
  expect(team).toMatchObject({ runs: 4, machines: ['desk', 'laptop'], codeRuns: 4 });
});

test('the exported records hold no input, no result and no path', async () => {
  using cli = new CommandLine({ '.assassin/chains/say.ts': chain('return { said: input.secret };') });
  await cli.json(['run', 'say', '--input', '{"secret":"plum-7781"}']);
  for (const format of ['json', 'csv', 'html']) {
    expect((await cli.run(['savings', 'export', '--format', format, '--output', `all.${format}`])).code).toBe(0);
    const text = readFileSync(join(cli.workspace, `all.${format}`), 'utf8');
    expect(text).toContain('say');
    expect(text).not.toContain('plum-7781');
    expect(text).not.toContain(cli.workspace);
  }
});

test('an empty span says so, and a day that is none, or a file that is none, is wrong usage', async () => {
  using cli = new CommandLine(sum);
  expect((await cli.run(['savings', 'report'])).stdout).toContain('No runs in this span of time');
  for (const args of [['--from', 'yesterday'], ['--from', '2026-11-02', '--to', '2026-11-01'], ['no-such-file.json'], ['--cold-start', 'long'], ['--subscription', 'Langfuse']]) {
    const { code, stderr } = await cli.run(['savings', 'report', ...args]);
    expect(code, args.join(' ')).toBe(2);
    expect(stderr).toMatch(/Write|Give/);
  }
});

test('what somebody would have bought and waited for is read from their settings file, flags go before it, and what is wrong there is named with its line', async () => {
  using cli = new CommandLine(sum);
  await cli.json(['run', 'sum', '--input', '{"a":1}']);
  const settings = join(cli.data, 'settings.json');
  writeFileSync(settings, `{
  // Per month.
  "infrastructureAssassin.savings.subscriptions": { "Langfuse Core": 29 },
  "infrastructureAssassin.savings.coldStartSeconds": 4,
}`);
  const report = async (...args: readonly string[]) => (await cli.json<UsageReport>(['savings', 'report', ...args])).document;
  expect(await report()).toMatchObject({ subscriptions: [{ name: 'Langfuse Core', nanoUsd: 29e9 }], waits: { count: 1, secondsEach: 4 } });
  expect(await report('--cold-start', '2')).toMatchObject({ subscriptions: [{ name: 'Langfuse Core' }], waits: { secondsEach: 2 } });
  expect((await report('--subscription', 'Dify=59')).subscriptions).toMatchObject([{ name: 'Dify', nanoUsd: 59e9 }]);
  expect((await cli.run(['savings', 'export', '--format', 'html', '--output', 'all.html'])).code).toBe(0);
  expect(readFileSync(join(cli.workspace, 'all.html'), 'utf8')).toContain('Not bought: Langfuse Core');
  writeFileSync(settings, '{\n  "infrastructureAssassin.savings.coldStartSeconds": "long"\n}');
  const { code, stderr } = await cli.run(['savings', 'report']);
  expect(code).not.toBe(0);
  expect(stderr.replace(/\s+/g, ' ')).toMatch(/The setting infrastructureAssassin\.savings\.coldStartSeconds is wrong: .*settings\.json:2/);
  writeFileSync(settings, '{ "infrastructureAssassin.savings.coldStartSeconds": 0 }');
  expect(await report()).not.toHaveProperty('waits');
// Eight programs, one after the other.
}, 240_000);
