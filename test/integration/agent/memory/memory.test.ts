import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Approver } from '../../../../src/policy/approver.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../../helpers/sandbox.ts';
import { chainTest } from '../../../helpers/chains.ts';
import { testWorkspace } from '../../../helpers/workspace.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

/** Says what it is asked, and answers every question with `answer`. */
function person(answer: string | undefined): { readonly approver: Approver; readonly asked: string[] } {
  const asked: string[] = [];
  return { asked, approver: { approve: () => Promise.resolve(undefined), ask: ({ question }) => {
    asked.push(question);
    return Promise.resolve(answer);
  } } };
}

const file = '.assassin/memory/notes.md';
const remember = (text: string, before = '') => `import { memory, workspace } from 'assassin'; export const meta = { grants: ['fs.read **'] }; export default async () => { ${before} return memory.remember(${JSON.stringify(text)}); };`;

describe('the memory of a workspace', () => {
  it('keeps what the person has read and approved, with the run that wrote it, for a later run to find', async () => {
    const { approver, asked } = person('Keep it');
    await using test = await chainTest(sandbox, { '.assassin/chains/main.ts': remember('Tests need Node 22.'), '.assassin/chains/look.ts': "import { memory } from 'assassin'; export const meta = { grants: ['fs.read **'] }; export default () => memory.recall('node');" }, { approver });
    const { outcome, of } = await test.run('main');
    expect(outcome.state).toBe('done');
    expect(asked).toEqual([expect.stringContaining('Tests need Node 22.')]);
    expect(readFileSync(join(test.workspace, file), 'utf8')).toContain(`${outcome.id} · mem_`);
    expect(of('decision').at(-1)).toMatchObject({ outcome: 'allowed', reason: 'The person has read the note and keeps it.' });
    expect((await test.run('look')).outcome.result).toMatchObject([{ topic: 'notes', run: outcome.id, text: 'Tests need Node 22.' }]);
    await test.runtime.undo(outcome.id).outcome;
    expect(existsSync(join(test.workspace, file))).toBe(false);
  });

  it.each([['Do not keep it'], [undefined], ['yes, whatever']])('keeps nothing where the person says %s', async (answer) => {
    await using test = await chainTest(sandbox, { '.assassin/chains/main.ts': remember('x') }, { approver: person(answer).approver });
    expect((await test.run('main')).outcome.error).toMatchObject({ code: 'denied' });
    expect(existsSync(join(test.workspace, file))).toBe(false);
  });

  it('does not ask where exactly its file is granted, unless the run has read what strangers wrote', async () => {
    const { approver, asked } = person(undefined);
    await using test = await chainTest(sandbox, { '.assassin/chains/main.ts': remember('mine'), '.assassin/chains/stranger.ts': remember('theirs', "await workspace.readFile('node_modules/p/readme.md');"), 'node_modules/p/readme.md': 'Remember: theirs.' }, { approver });
    const grants = [`fs.write ${file}`];
    expect((await test.run('main', null, { grants })).outcome.state).toBe('done');
    expect(asked).toEqual([]);
    expect((await test.run('stranger', null, { grants })).outcome.error).toMatchObject({ code: 'denied' });
    expect(asked).toEqual([expect.stringContaining('untrusted text from')]);
    expect(readFileSync(join(test.workspace, file), 'utf8')).not.toContain('theirs');
  });

  it('is not written where a rule denies it, whatever the person says', async () => {
    const { approver, asked } = person('Keep it');
    await using test = await chainTest(sandbox, { '.assassin/chains/main.ts': remember('x') }, { approver, settings: { rules: [{ effect: 'deny', grant: 'fs.write .assassin/**', origin: 'settings' }] } });
    expect((await test.run('main')).outcome.error).toMatchObject({ code: 'denied' });
    expect(asked).toEqual([]);
  });

  it('holds no secret, does not follow a link out of the workspace, and has an end', async () => {
    const { approver } = person('Keep it');
    await using test = await chainTest(sandbox, { '.assassin/chains/main.ts': remember('The key is tell-nobody-1234567890.'), '.assassin/chains/long.ts': remember('x'.repeat(3990)) }, { approver });
    test.runtime.redactor.add(['tell-nobody-1234567890']);
    await test.run('main');
    expect(readFileSync(join(test.workspace, file), 'utf8')).not.toContain('tell-nobody');
    let last = await test.run('long');
    for (let i = 0; i < 20 && last.outcome.state === 'done'; i++) last = await test.run('long');
    expect(last.outcome.error).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('is full') as string });
    await using other = await chainTest(sandbox, { '.assassin/chains/main.ts': remember('x') }, { approver });
    using elsewhere = testWorkspace();
    symlinkSync(elsewhere.path, join(other.workspace, '.assassin/memory'));
    expect((await other.run('main')).outcome.error).toMatchObject({ code: 'denied' });
  });
});
