import { readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { Explanation } from '../../../src/policy/explain.ts';
import { DecisionFile } from '../../../src/store/decision-file.ts';
import { chain, CommandLine } from './command-line.ts';

const report = [
  "import { workspace } from 'assassin';",
  'export const meta = {',
  "  description: 'Report',",
  '  grants: [',
  "    'fs.write reports/**',",
  "    'net https://shop.example',",
  '  ],',
  '};',
  "export default () => workspace.writeFile('reports/x.md', 'x');",
].join('\n');
const settings = '{\n  // no pushing\n  "infrastructureAssassin.rules": [\n    { "effect": "deny", "grant": "exec git push" },\n    { "effect": "ask", "grant": "net https://shop.example" }\n  ]\n}\n';
const files = { '.assassin/chains/report.ts': report, '.vscode/settings.json': settings };

test('a decision is explained by the grant of a chain or the rule of a settings file, with file and line', async () => {
  using cli = new CommandLine(files);
  const explained = async (...args: readonly string[]) => (await cli.json<Explanation>(['policy', 'explain', ...args])).document;
  expect(await explained('fs.write reports/x.md', '--chain', 'report')).toEqual({
    action: `fs.write ${join(cli.workspace, 'reports/x.md')}`, effect: 'allow',
    reason: 'Granted by "fs.write reports/**" (.assassin/chains/report.ts:5).', decidedBy: 'fs.write reports/** (.assassin/chains/report.ts:5)',
  });
  expect(await explained('net https://shop.example/x', '--chain', 'report')).toMatchObject({ effect: 'ask', decidedBy: '.vscode/settings.json:5' });
  expect(await explained('exec git push --force', '--allow', 'exec git **')).toMatchObject({ effect: 'deny', decidedBy: '.vscode/settings.json:4', remedy: 'No grant can: remove or narrow the rule (.vscode/settings.json:4).' });
  expect(await explained('exec npm test', '--allow', 'exec npm test')).toMatchObject({ effect: 'allow', decidedBy: 'exec npm test (--allow)' });
  expect(await explained('mcp fs:write_file')).toMatchObject({ effect: 'deny', grant: 'mcp fs:write_file' });
});

test('a decision is explained as in a run that has read untrusted text', async () => {
  using cli = new CommandLine(files);
  const explained = async (...args: readonly string[]) => (await cli.json<Explanation>(['policy', 'explain', ...args])).document;
  const broad = ['--allow', 'net https://*.example'];
  expect(await explained('net https://api.example', ...broad)).toMatchObject({ effect: 'allow' });
  expect(await explained('net https://api.example', ...broad, '--after-reading', 'https://news.example/a')).toMatchObject({ effect: 'ask', grant: 'net https://api.example', remedy: expect.stringContaining('Name it exactly') as string });
  expect(await explained('net https://news.example', ...broad, '--after-reading', 'https://news.example/a')).toMatchObject({ effect: 'allow' });
  expect(await explained('mcp mail:send', '--allow', 'mcp mail:*', '--after-reading', 'mail:read')).toMatchObject({ effect: 'allow' });
  cli.write('policy.json', '[{ "action": "secret TOKEN", "allow": ["secret *"], "afterReading": ["crm:list"], "expect": "ask" }]');
  expect((await cli.json<unknown>(['policy', 'test', 'policy.json'])).document).toMatchObject({ ok: true });
});

test('what was allowed for good is listed, explains decisions, and is taken back', async () => {
  using cli = new CommandLine(files);
  expect((await cli.run(['policy', 'decisions'])).stderr).toContain('Nothing is allowed for good in this workspace.');
  new DecisionFile(cli.data, realpathSync(cli.workspace)).write([{ id: 'd_1', grant: 'net https://api.example', at: Date.UTC(2026, 10, 22), run: 'run_1', action: 'net https://api.example' }]);
  expect((await cli.run(['policy', 'decisions'])).stdout).toContain('d_1  net https://api.example  (2026-11-22, asked for net https://api.example)');
  expect((await cli.json<Explanation>(['policy', 'explain', 'net https://api.example'])).document).toMatchObject({ effect: 'allow', decidedBy: 'your decision d_1 of 2026-11-22 for this workspace' });
  expect((await cli.json<unknown>(['policy', 'revoke', 'd_1'])).document).toEqual({ revoked: 'd_1' });
  expect((await cli.json<unknown>(['policy', 'decisions'])).document).toEqual({ decisions: [] });
  expect((await cli.run(['policy', 'revoke', 'd_1'])).code).toBe(2);
});

test('a path is explained as what it really is', async () => {
  using cli = new CommandLine(files);
  symlinkSync('/etc', join(cli.workspace, 'reports'));
  const { document } = await cli.json<Explanation>(['policy', 'explain', 'fs.write reports/passwd', '--chain', 'report']);
  expect(document).toMatchObject({ action: 'fs.write /etc/passwd', effect: 'deny', grant: 'fs.write /etc/passwd' });
});

test('in words, with what would allow it', async () => {
  using cli = new CommandLine(files);
  const { code, stdout } = await cli.run(['policy', 'explain', 'net https://other.example', '--chain', 'report']);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('deny net https://other.example No grant of this run covers it. Put "net https://other.example" into the chain\'s meta.grants, or give --allow \'net https://other.example\'.');
  expect(code).toBe(0);
});

test.each([
  [['policy', 'explain', 'teleport x'], 'there is no capability'],
  [['policy', 'explain', 'net shop.example'], 'no URL with a host'],
  [['policy', 'explain', 'exec a; b'], 'no shell reads it'],
  [['policy', 'explain', 'browser', '--chain', 'none'], 'no chain "none"'],
  [['policy', 'explain', 'browser', '--allow', 'net x'], 'not a network grant'],
  [['policy', 'test', 'none.json'], 'could not be read'],
])('%j is wrong usage and says why', async (args, reason) => {
  using cli = new CommandLine(files);
  const { code, stderr } = await cli.run(args);
  expect(stderr).toContain(reason);
  expect(code).toBe(2);
});

test('a list of expectations passes or fails as a whole, and names the lines that fail', async () => {
  using cli = new CommandLine({ ...files, 'policy.jsonc': '[\n  // writing\n  { "action": "fs.write reports/x.md", "expect": "allow", "chain": "report" },\n  { "action": "fs.write .git/hooks/x", "expect": "deny", "allow": ["fs.write **"] },\n]\n' });
  expect((await cli.json<unknown>(['policy', 'test', 'policy.jsonc'])).document).toMatchObject({ ok: true, passed: 2, failed: 0 });
  cli.write('bad.json', '[\n  { "action": "browser", "expect": "allow" }\n]');
  const { code, stdout, stderr } = await cli.run(['policy', 'test', 'bad.json']);
  expect(stdout).toContain('bad.json:2: expected allow, but:');
  expect(stderr).toContain('0 as expected, 1 not.');
  expect(code).toBe(1);
  cli.write('worse.json', '[\n  { "action": "browser", "expects": "allow" }\n]');
  expect((await cli.json<{ error: unknown }>(['policy', 'test', 'worse.json'])).document.error).toMatchObject({ code: 'invalid-input', location: { file: 'worse.json', line: 2 } });
});

test('every decision of a run is in the audit log, which outlives the run, is verified, listed and exported, and shows that it was tampered with', async () => {
  using cli = new CommandLine({ '.assassin/chains/w.ts': chain('await workspace.writeFile("a.txt", "x"); await workspace.readFile("/etc/hosts");', { grants: ['fs.write a.txt'] }, "import { workspace } from 'assassin';") });
  const { run } = (await cli.json(['run', 'w'])).document;
  await cli.run(['runs', 'delete', run]);

  const { entries } = (await cli.json<{ entries: readonly { id: number; action: string; outcome: string; source: string }[] }>(['audit', 'list', '--run', run])).document;
  expect(entries.filter((entry) => entry.action.startsWith('fs.'))).toMatchObject([
    { action: `fs.write ${join(cli.workspace, 'a.txt')}`, outcome: 'allowed', source: '.assassin/chains/w.ts' }, { action: 'fs.read /etc/hosts', outcome: 'denied' },
  ]);
  expect((await cli.run(['audit', 'list', '--limit', '1'])).stdout).toContain('fs.read /etc/hosts');

  const verified = await cli.json<{ ok: boolean; entries: number; head: string }>(['audit', 'verify']);
  expect(verified).toMatchObject({ code: 0, document: { ok: true } });
  expect((await cli.json(['audit', 'export', '--output', 'audit.jsonl'])).code).toBe(0);
  const exported = readFileSync(join(cli.workspace, 'audit.jsonl'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as { hash: string });
  expect(exported).toHaveLength(verified.document.entries);
  expect(exported.at(-1)?.hash).toBe(verified.document.head);

  const tamper = (sql: string) => {
    const db = new DatabaseSync(join(cli.data, 'assassin.db'));
    db.exec(sql);
    db.close();
  };
  // A slip is no alarm, and a run that there never was is no run without decisions.
  expect(await cli.json(['audit', 'verify', '--head', 'abc'])).toMatchObject({ code: 2, document: { error: { code: 'invalid-input' } } });
  expect(await cli.json(['audit', 'list', '--run', 'run_none'])).toMatchObject({ code: 2, document: { error: { code: 'run-not-found' } } });

  tamper('DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)');
  expect(await cli.json(['audit', 'verify'])).toMatchObject({ code: 1, document: { ok: false, cutOff: { entries: verified.document.entries } } });
  expect((await cli.run(['audit', 'verify'])).stdout).toContain(`the log had ${verified.document.entries} entries, and the last of them is not there any more`);
  expect(await cli.json(['audit', 'verify', '--head', verified.document.head])).toMatchObject({ code: 1, document: { ok: false, headFound: false } });
  tamper(`UPDATE audit SET outcome = 'denied' WHERE id = 1`);
  expect(await cli.json(['audit', 'verify'])).toMatchObject({ code: 1, document: { ok: false, brokenAt: 1 } });
  expect((await cli.run(['audit', 'verify'])).stdout).toContain('Broken: entry 1');
});
