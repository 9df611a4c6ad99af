import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rebuild } from '../../../src/agent/conversation/rebuild.ts';
import type { RecordedRequest } from '../../fixtures/models/scripted-server.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { finish, says, taskTest } from '../../helpers/tasks.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

const turns = 16;
const isSummary = ({ body }: RecordedRequest) => body.tools === undefined && JSON.stringify(body.messages).includes('Sum this up');
const tokens = ({ body }: RecordedRequest) => JSON.stringify(body.messages).length / 4;

/** A model that talks so much that its own words fill what it can read. */
function talker(summary: string) {
  let turn = 0;
  return (request: RecordedRequest) => {
    if (isSummary(request)) return says(summary);
    turn += 1;
    return turn > turns ? finish('done') : { text: [`Turn ${turn}. ${'words '.repeat(1600)}`], calls: ['a', 'b'].map((name) => ({ name: 'read_file', arguments: { path: `${name}${turn}.txt` } })) };
  };
}

const files = Object.fromEntries(Array.from({ length: turns }, (_, i) => [[`a${i + 1}.txt`, 'alpha'], [`b${i + 1}.txt`, 'beta']]).flat());
const wordy = (task: Awaited<ReturnType<typeof taskTest>>) => task.task('Read and talk.', { maxTurns: turns + 2 });

describe('a conversation that outgrows what the model can read', () => {
  it('is summed up in its middle, at most once a turn, smaller each time; calls keep their results, and the record keeps all', async () => {
    await using test = await taskTest(sandbox, files, talker('The files hold alpha and beta.'));
    const { outcome, of } = await wordy(test);
    expect(outcome.state).toBe('done');
    const steps = of('step.started').filter(({ name }) => name === 'Compaction');
    expect(steps.length).toBeGreaterThan(0);
    expect(new Set(steps.map(({ parent }) => parent)).size).toBe(steps.length);
    for (const { step, input } of steps) {
      const output = of('step.ended').find((event) => event.step === step)!.output;
      const [before, after] = [input, output].map((value) => (value as { readonly json: { readonly tokens: number } }).json.tokens);
      expect(after).toBeLessThan(before! * 0.85);
      expect(output).toMatchObject({ json: { summary: 'The files hold alpha and beta.' } });
    }
    const asked = test.server.requests.filter((request) => !isSummary(request));
    for (const request of asked) {
      const { messages } = request.body;
      expect(messages.filter(({ role }) => role === 'tool').map(({ tool_call_id: id }) => id)).toEqual(messages.flatMap(({ tool_calls: list }) => (list ?? []).map(({ id }) => id)));
      expect(tokens(request)).toBeLessThan(32_000);
      expect(String(messages[1]!.content)).toContain('The task:\nRead and talk.');
    }
    expect(JSON.stringify(asked.at(-1)!.body.messages)).toContain('The files hold alpha and beta.');
    const { messages } = await rebuild(test.runtime.events(outcome.id), (hash) => test.runtime.store.blobs.read(hash));
    for (let turn = 1; turn <= turns; turn++) expect(messages.filter((message) => message.role === 'assistant' && message.text.startsWith(`Turn ${turn}. `))).toHaveLength(1);
    expect(messages.some(({ text }) => text.includes('replaced by a summary'))).toBe(false);
  });

  it.each([['longer than what it stands for', 'much '.repeat(20_000)], ['empty', ' ']])('keeps its messages where the summary is %s, and says so when nothing fits any more', async (_, summary) => {
    await using test = await taskTest(sandbox, files, talker(summary));
    const { outcome, of } = await wordy(test);
    expect(outcome.error).toMatchObject({ code: 'model-refused', message: expect.stringContaining('does not fit') as string });
    const { step } = of('step.started').find(({ name }) => name === 'Compaction')!;
    expect(of('step.ended').find((event) => event.step === step)!.output).toMatchObject({ json: { refused: expect.stringContaining('not shorter') as string } });
    expect(JSON.stringify(test.server.requests.map(({ body }) => body.messages))).not.toContain('much much');
  });

  it('pays for each summary: it is on the ledger as every request is', async () => {
    await using test = await taskTest(sandbox, files, talker('Short.'));
    const { of } = await test.task('Read and talk.', { maxTurns: turns + 2 });
    const models = of('step.started').filter(({ kind }) => kind === 'model');
    const metered = new Set(of('meter').flatMap(({ meter, step }) => (meter === 'model.input_tokens' && step !== undefined ? [step] : [])));
    expect(models.length).toBeGreaterThan(turns + 1);
    expect(models.every(({ step }) => metered.has(step))).toBe(true);
  });

  it('is used whole again when the person wants it, from the next turn on and on record, and shortened after all where the model refuses it', async () => {
    const large = 40_000;
    let run = '';
    let used: readonly string[] = [];
    let refused = 0;
    const talk = talker('Short.');
    await using test = await taskTest(sandbox, files, (request) => {
      if (tokens(request) > large) {
        refused += 1;
        return { status: 400, body: { error: { message: 'maximum context length exceeded' } } };
      }
      const shortened = test.runtime.events(run).some((event) => event.type === 'step.ended' && JSON.stringify(event.output ?? '').includes('"summary"'));
      if (run !== '' && shortened && used.length === 0) used = [String(test.runtime.tasks.useWhole(run).tokens)];
      return talk(request);
    });
    const handle = await test.runtime.startTask('Read and talk.', { model: 'test/scripted', maxTurns: turns + 2, budget: { tokens: 3_000_000 } });
    run = handle.id;
    expect(() => test.runtime.tasks.useWhole(run)).toThrow('Nothing of this conversation was shortened');
    const { outcome, of } = await test.finish(handle.id, handle.outcome);
    expect(outcome.state).toBe('done');
    const asked = test.server.requests.filter((request) => !isSummary(request));
    const [whole] = of('step.started').filter(({ name }) => name === 'Whole conversation');
    expect(of('step.ended').find(({ step }) => step === whole!.step)!.output).toMatchObject({ json: { tokens: expect.any(Number) as number } });
    expect(of('run.log').map(({ message }) => message)).toContainEqual(`The person wants the whole conversation again: about ${used[0]} tokens.`);
    // The turn that begins with it says everything from the first on.
    const full = asked.filter(({ body }) => body.messages.some(({ role, content }) => role === 'assistant' && String(content).startsWith('Turn 1. ')) && body.messages.length > 30);
    expect(full.length).toBeGreaterThan(0);
    expect(JSON.stringify(full[0]!.body.messages)).not.toContain('replaced by a summary');
    expect(Math.max(...full.map(tokens))).toBeGreaterThan(24_000);
    expect(refused).toBe(1);
    for (const { parent } of of('step.started').filter(({ name }) => name === 'Compaction')) expect(of('step.started').filter((each) => each.name === 'Compaction' && each.parent === parent)).toHaveLength(1);
    expect(() => test.runtime.tasks.useWhole(run)).toThrow('is not a task that goes on in this program');
  });
});
