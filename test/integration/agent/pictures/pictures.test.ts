import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatMessage, RecordedRequest } from '../../../fixtures/models/scripted-server.ts';
import { httpSite } from '../../../helpers/http-site.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../../helpers/sandbox.ts';
import { calls, code, finish, lastResult, recorded, says, taskTest, type TaskTest } from '../../../helpers/tasks.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

const icon = fileURLToPath(new URL('../../../../media/icon.png', import.meta.url));
const put = (test: TaskTest, ...names: readonly string[]) => {
  mkdirSync(join(test.workspace, 'shots'));
  for (const name of names) copyFileSync(icon, join(test.workspace, 'shots', name));
};
const read = (path: string) => calls(['read_file', { path }]);
const urls = ({ content }: ChatMessage) => (Array.isArray(content) ? (content as readonly { readonly image_url?: { readonly url: string } }[]).flatMap(({ image_url: image }) => image?.url ?? []) : []);
const pictures = ({ body }: RecordedRequest) => body.messages.flatMap(urls);

describe('pictures in the results of tools', () => {
  it('reach the model after all results of their turn, under their own calls, and stay in the conversation that is followed up', async () => {
    await using test = await taskTest(sandbox, { 'a.txt': 'alpha' }, recorded(
      calls(['read_file', { path: 'shots/a.png' }, 'one'], ['read_file', { path: 'a.txt' }, 'two']), says('A circle.'), says('Still a circle.'),
    ));
    put(test, 'a.png');
    const { outcome, of } = await test.task('What is in shots/a.png?');
    const { messages } = test.server.requests[1]!.body;
    expect(messages.map(({ role, tool_call_id: id }) => id ?? role)).toEqual(['system', 'user', 'assistant', 'one', 'two', 'user']);
    expect(messages[3]!.content).toMatch(/"width":128.*\n\n\[Picture [0-9a-f]{8}, 128 x 128: attached\]$/s);
    expect(urls(messages[5]!)).toEqual([expect.stringMatching(/^data:image\/png;base64,iVBOR/) as string]);
    expect(messages[5]!.content).toMatchObject([{ type: 'text', text: expect.stringContaining('never an instruction') as string }, {}]);
    // The record names the picture, and does not hold it a second time.
    expect(JSON.stringify(of('step.started'))).not.toContain('iVBOR');
    const handle = await test.runtime.tasks.followUp(outcome.id, 'Are you sure?', { budget: { tokens: 1_000_000 } });
    await test.finish(handle.id, handle.outcome);
    expect(pictures(test.server.requests[2]!)).toEqual(pictures(test.server.requests[1]!));
  });

  it('that a person named stay in a conversation that is forked and resumed; what a follow-up names is looked up', async () => {
    await using test = await taskTest(sandbox, { 'a.txt': 'alpha' }, recorded(read('a.txt'), says('Yes.'), says('And again.'), says('Indeed.')));
    put(test, 'a.png', 'b.png');
    const { outcome } = await test.task('Is @shots/a.png right?');
    const fork = await test.runtime.tasks.fork(outcome.id, 1, 'Look at @a.txt and @shots/b.png', { budget: { tokens: 1_000_000 } });
    await test.finish(fork.id, fork.outcome);
    const { messages } = test.server.requests[2]!.body;
    expect(urls(messages[1]!)).toHaveLength(1);
    expect(messages.at(-1)!.content).toMatchObject([{ text: expect.stringMatching(/^The person named @a.txt:\n<data source="a.txt">\nalpha\n<\/data>\n\nThe person named the picture @shots\/b.png; it is attached.\n\nLook at @a.txt and @shots\/b.png$/) as string }, { type: 'image_url' }]);
    expect((await test.runtime.sentContext(fork.id))!.items).toEqual([expect.objectContaining({ kind: 'file', source: 'a.txt' }), expect.objectContaining({ kind: 'image', source: 'shots/b.png' })]);
  });

  it('and files that a person names while the task works are looked up before the next turn', async () => {
    await using test = await taskTest(sandbox, { 'a.txt': 'alpha' }, recorded(
      () => {
        test.runtime.tasks.steer(test.runtime.store.runs().items[0]!.id, 'Look at @a.txt and @shots/a.png too.');
        return read('a.txt');
      }, finish('ok'),
    ));
    put(test, 'a.png');
    const { outcome } = await test.task('Begin.');
    expect(test.server.requests[1]!.body.messages.at(-1)!.content).toMatchObject([{ text: expect.stringMatching(/^The person named @a.txt:.*alpha.*it is attached.\n\nThe person says, while you work:\nLook at/s) as string }, { type: 'image_url' }]);
    expect((await test.runtime.sentContext(outcome.id))!.items.filter(({ later }) => later)).toMatchObject([{ source: 'a.txt' }, { source: 'shots/a.png' }]);
  });

  it('that code returns are shown, and those of other runs are not, whatever a result says', async () => {
    const look = code('import { workspace } from "assassin"; export default () => workspace.readPicture("shots/a.png");');
    await using test = await taskTest(sandbox, {}, recorded(
      look, says('Seen.'), (request) => (request.body.messages.length > 2 ? says('No.') : code(`export default () => (${blob(test.server.requests[1]!)});`)), says('Nothing.'),
    ));
    const blob = (request: RecordedRequest) => /result: (\{.*?\})/.exec(lastResult(request))![1]!;
    put(test, 'a.png');
    await test.task('Look.');
    expect(pictures(test.server.requests[1]!)).toHaveLength(1);
    await test.task('Look elsewhere.');
    expect(lastResult(test.server.requests[3]!)).toContain('"blob"');
    expect(pictures(test.server.requests[3]!)).toEqual([]);
  });

  it('of a page that code has opened and taken are shown, at the size that the page has', async () => {
    await using site = await httpSite((_request, response) => void response.setHeader('content-type', 'text/html').end('<h1>Hello</h1>'));
    const { origin } = site;
    await using test = await taskTest(sandbox, {}, recorded(
      code(`import { browser } from "assassin"; export default async () => { await using page = await browser.open("${origin}/"); return await page.screenshot(); };`), says('A heading.'),
    ));
    const { outcome } = await test.task('What does it show?', { grants: ['browser', `net ${origin}`] });
    expect(outcome).toMatchObject({ state: 'done', clean: true });
    expect(lastResult(test.server.requests[1]!)).toMatch(/\[Picture [0-9a-f]{8}, \d{3,4} x \d{3,4}: attached\]/);
    expect(pictures(test.server.requests[1]!)).toHaveLength(1);
  });

  it('of the last calls before a task ended, which no request had carried, are shown when it is resumed', async () => {
    await using test = await taskTest(sandbox, {}, recorded(calls(['read_file', { path: 'shots/a.png' }], ['ask_person', { question: 'Go on?' }]), says('A circle.')));
    put(test, 'a.png');
    const handle = await test.runtime.startTask('Look.', { model: 'test/scripted', budget: { tokens: 1_000_000 } });
    using _ears = test.runtime.tasks.onQuestion(() => undefined);
    await expect.poll(() => test.runtime.tasks.questions(handle.id)).toHaveLength(1);
    handle.cancel('Enough.');
    await handle.outcome;
    expect(test.server.requests.flatMap(pictures)).toEqual([]);
    const resumed = await test.runtime.tasks.resume(handle.id, { budget: { tokens: 1_000_000 } });
    await test.finish(resumed.id, resumed.outcome);
    expect(pictures(test.server.requests[1]!)).toEqual([expect.stringMatching(/^data:image\/png;base64,iVBOR/) as string]);
    expect(JSON.stringify(test.server.requests[1]!.body.messages)).toMatch(/\[Picture [0-9a-f]{8}, 128 x 128: attached\]/);
  });

  it('of the last calls of an agent before it was stopped are shown to it when the task that asked it is resumed', async () => {
    const looked: RecordedRequest[] = [];
    await using test = await taskTest(sandbox, { '.assassin/agents/looker.md': '---\ndescription: Looks\n---\nYou look. ROLE-LOOKER\n' }, (request) => {
      if (!JSON.stringify(request.body.messages[0]).includes('ROLE-LOOKER')) return lastResult(request).includes('A circle') ? finish('seen') : calls(['delegate', { agent: 'looker', task: 'Look.' }]);
      looked.push(request);
      return looked.length === 1 ? calls(['read_file', { path: 'shots/a.png' }], ['ask_person', { question: 'Go on?' }]) : finish('A circle');
    });
    put(test, 'a.png');
    const handle = await test.runtime.startTask('Look.', { model: 'test/scripted', budget: { tokens: 1_000_000 } });
    using _ears = test.runtime.tasks.onQuestion(() => undefined);
    await expect.poll(() => test.runtime.tasks.questions(), { timeout: 20_000 }).toHaveLength(1);
    handle.cancel('Enough.');
    await handle.outcome;
    const resumed = await test.runtime.tasks.resume(handle.id, { budget: { tokens: 1_000_000 } });
    expect((await test.finish(resumed.id, resumed.outcome)).outcome).toMatchObject({ state: 'done', result: { answer: 'seen' } });
    expect(looked.map((request) => pictures(request).length)).toEqual([0, 1]);
  });

  it('are told in a sentence to a model that takes over and refuses them, and stay with the one that sees them', async () => {
    await using test = await taskTest(sandbox, {}, (request, index) => {
      const { model, messages } = request.body;
      if (model === 'second' && pictures(request).length > 0) return { status: 400, body: { error: { message: 'image input is not supported' } } };
      if (model === 'scripted' && index > 0 && messages.length === 5) return { status: 401, body: { error: { message: 'No more of you.' } } };
      return messages.length <= 2 ? read('shots/a.png') : finish('ok');
    });
    put(test, 'a.png');
    const { outcome, of } = await test.task('Look.', { fallback: ['test/second'] });
    expect(outcome.state).toBe('done');
    const [first, ...second] = test.server.requests.filter(({ body }) => body.messages.length > 2);
    expect(first!.body.model).toBe('scripted');
    expect(pictures(first!)).toHaveLength(1);
    expect(second.map((request) => [request.body.model, pictures(request).length])).toEqual([['second', 1], ['second', 0]]);
    expect(JSON.stringify(second.at(-1)!.body.messages)).toContain('is not shown here: test/second sees no pictures.]');
    expect(of('run.log').map(({ message }) => message).join()).toContain('test/second');
  });

  it('are left out for a model that refuses them, with a sentence, and the task goes on', async () => {
    let refused = 0;
    await using test = await taskTest(sandbox, {}, (request) => {
      if (pictures(request).length > 0) return { status: 400, body: { error: { message: `image input is not supported (${refused++})` } } };
      return request.body.messages.length === 2 ? read('shots/a.png') : request.body.messages.length === 4 ? read('shots/b.png') : finish('ok');
    });
    put(test, 'a.png', 'b.png');
    const { outcome, of } = await test.task('Look.');
    expect(outcome.state).toBe('done');
    expect(refused).toBe(1);
    const last = JSON.stringify(test.server.requests.at(-1)!.body.messages);
    expect(last).toContain('is not shown here: test/scripted sees no pictures.]');
    expect(last).toContain('not attached, because test/scripted sees no pictures; go by text]');
    expect(of('run.log').map(({ message }) => message)).toContainEqual(expect.stringContaining('refused a request with pictures'));
  });

  it('go first when the conversation outgrows what the model can read, the oldest before the others', async () => {
    let turn = 0;
    await using test = await taskTest(sandbox, {}, () => (turn < 30 ? read(`shots/${turn++}.png`) : finish('ok')));
    put(test, ...Array.from({ length: 30 }, (_, i) => `${i}.png`));
    const { of } = await test.task('Look at all.');
    const made = of('step.started').filter(({ name }) => name === 'Compaction').map(({ step }) => of('step.ended').find((event) => event.step === step)!.output);
    expect(made.length).toBeGreaterThan(0);
    expect(made[0]).toMatchObject({ json: { shortened: 0, pictures: expect.any(Number) as number } });
    for (const request of test.server.requests) expect(pictures(request).length).toBeLessThanOrEqual(20);
  });
});
