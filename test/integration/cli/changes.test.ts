import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CommandLine } from './command-line.ts';

const edit = `import { workspace } from 'assassin';
export const meta = { grants: ['fs.read **', 'fs.write **'] };
export default () => workspace.edit('a.txt', [{ oldText: 'one', newText: 'ONE' }, { oldText: 'three', newText: 'THREE' }]);
`;

test('the changes of a run are listed, and put back one by one without what was edited since', async () => {
  using cli = new CommandLine({ '.assassin/chains/edit.ts': edit, 'a.txt': 'one\ntwo\nthree\n' });
  const { run } = (await cli.json(['run', 'edit'])).document;
  const file = join(cli.workspace, 'a.txt');
  const listed = await cli.run(['runs', 'diff', run]);
  expect(listed.stdout).toBe('a.txt (changed)\n  1  line 1 -> 1\n     - one\n     + ONE\n  2  line 3 -> 3\n     - three\n     + THREE\n');
  writeFileSync(file, `${readFileSync(file, 'utf8')}by hand\n`);
  const back = await cli.json<{ result: unknown }>(['runs', 'undo', run, '--file', 'a.txt', '--hunk', '2']);
  expect(back).toMatchObject({ code: 0, document: { result: { files: [{ path: 'a.txt', outcome: 'merged' }], conflicts: [] } } });
  expect(readFileSync(file, 'utf8')).toBe('ONE\ntwo\nthree\nby hand\n');
  const now = await cli.json<readonly { hunks: readonly { hunk: number; state: string }[] }[]>(['runs', 'diff', run]);
  expect(now.document[0]?.hunks.map(({ hunk, state }) => `${hunk} ${state}`)).toEqual(['1 there', '2 gone']);
  // What was put back is itself a run, and can be undone as one.
  const { run: undo } = back.document as unknown as { run: string };
  expect(undo).not.toBe(run);
});

test('a change that is not there, and a file that the run has not changed, are named', async () => {
  using cli = new CommandLine({ '.assassin/chains/edit.ts': edit, 'a.txt': 'one\ntwo\nthree\n' });
  const { run } = (await cli.json(['run', 'edit'])).document;
  for (const [args, message] of [
    [['--hunk', '7'], 'a.txt has no change 7; it has 2.'],
    [['--hunk', 'x'], '"x" is no list of changes.'],
    [['--file', 'b.txt'], `The run ${run} has not changed b.txt.`],
  ] as const) {
    const { code, stderr } = await cli.run(['runs', 'undo', run, ...args]);
    expect(code).not.toBe(0);
    expect(stderr.replace(/\s+/g, ' ')).toContain(message);
  }
  expect(readFileSync(join(cli.workspace, 'a.txt'), 'utf8')).toBe('ONE\ntwo\nTHREE\n');
  const all = await cli.run(['runs', 'undo', run]);
  expect(all.stdout.trimEnd().split('\n').map((line) => line.trim().split(/\s+/).join(' '))).toEqual(['path outcome', expect.stringMatching(/^─/) as string, 'a.txt restored']);
  writeFileSync(join(cli.workspace, '.assassin/chains/edit.ts'), 'export default () => 1;\n');
  const { run: idle } = (await cli.json(['run', 'edit'])).document;
  expect((await cli.run(['runs', 'undo', idle])).stderr).toContain('This run has changed no file: there is nothing to put back.');
});
