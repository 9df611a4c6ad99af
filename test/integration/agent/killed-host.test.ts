import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { denyAll } from '../../../src/policy/approver.ts';
import { Runtime } from '../../../src/runtime.ts';
import { defaultSettings } from '../../../src/runtime-options.ts';
import type { Answer } from '../../fixtures/models/answer.ts';
import { scriptedServer, type RecordedRequest } from '../../fixtures/models/scripted-server.ts';
import { sampled } from '../../helpers/depth.ts';
import { processesIn } from '../../helpers/mcp.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { calls, code, finish, resultsIn } from '../../helpers/tasks.ts';
import { testWorkspace } from '../../helpers/workspace.ts';

let sandbox: SandboxFiles;
beforeAll(async () => {
  sandbox = await buildSandboxFiles();
});
afterAll(() => sandbox[Symbol.dispose]());

/** The same numbers on every machine and day. */
function* random(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}
const source = random(20_261_122);
const next = (from: number, to: number) => Math.floor(from + (source.next().value as number) * (to - from));
/** From the first event to the last of a run that nobody kills; every third one falls somewhere between two events. */
const points: readonly { readonly event: number | string; readonly afterMs: number }[] = [
  ...sampled(Array.from({ length: 20 }, (_, i) => ({ event: next(2, 88), afterMs: i % 3 === 2 ? next(1, 120) : 0 })), 9),
  // Before anything was done.
  ...[3, 8].map((event) => ({ event, afterMs: 0 })),
  // In the middle of each effect, wherever that falls on this machine: its begin is on disk, its end is not.
  ...['exec.run', 'http.request', 'edit_file'].map((event) => ({ event, afterMs: 0 })),
];

/** Three things with an effect, each once and in its turn: a line in a file by a program, a request to a server, an edit. */
const program = { 'append.cjs': 'require("fs").appendFileSync("lines.txt", "once\\n"); setTimeout(() => {}, 60);\n' };
const effects = (url: string): readonly Answer[] => [
  code(`import { exec } from "assassin"; export default async () => { await exec(${JSON.stringify([process.execPath, 'append.cjs'])}); return "appended"; };`),
  code(`import { http } from "assassin"; export default async () => (await http.post(${JSON.stringify(url)}, "x")).status;`),
  calls(['edit_file', { path: 'made.txt', edits: [{ oldText: '', newText: 'made\n' }] }]),
];
const marks = ['appended', 'result: 204', 'made.txt'];

/**
 * A careful model: it goes by what it is told. An effect whose result it has is done; one of unknown outcome it looks for first (here: in the world that the
 * test sees) and does again only where it is missing.
 */
function careful(request: RecordedRequest, url: string, happened: readonly (() => boolean)[]): Answer {
  const results = resultsIn(request).map(([, text]) => text);
  const asked = request.body.messages.flatMap(({ tool_calls: list = [] }) => list).map(({ function: { arguments: text } }) => text);
  for (const [i, effect] of effects(url).entries()) {
    const sent = asked.flatMap((text, at) => (text.includes(['append.cjs', 'http.post', 'made.txt'][i]!) && !text.includes('readFile') ? [results[at] ?? ''] : []));
    if (sent.some((text) => text.includes(marks[i]!) && !text.includes('Outcome unknown'))) continue;
    if (sent.some((text) => text.includes('Outcome unknown')) && happened[i]!()) continue;
    return effect;
  }
  const last = results.at(-1) ?? '';
  const step = /step (s_\w+): done\nresult: "made\\n"/.exec(last)?.[1];
  return step === undefined ? code('import { workspace } from "assassin"; export default () => workspace.readFile("made.txt");') : finish('all three', [step]);
}

/** What the resumed runs were told first. */
const told: string[] = [];

describe('a host that is killed with SIGKILL', () => {
  it.each(points)('after event $event and $afterMs ms leaves a task that repeats nothing, and that resumes and ends right', async ({ event, afterMs }) => {
    let requests = 0;
    const site = createServer((request, response) => {
      requests += 1;
      request.resume();
      response.writeHead(204).end();
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');
    const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    using workspace = testWorkspace(program);
    using data = testWorkspace();
    const text = (file: string) => (existsSync(join(workspace.path, file)) ? readFileSync(join(workspace.path, file), 'utf8') : '');
    const world = () => ({ lines: text('lines.txt'), requests, made: text('made.txt') });
    await using server = await scriptedServer((request) => careful(request, `${origin}/effect`, [() => text('lines.txt') !== '', () => requests > 0, () => text('made.txt') !== '']));
    const store = join(data.path, 'store');
    const host = spawn(process.execPath, [
      join(import.meta.dirname, '../../fixtures/agent/killed-host.ts'), workspace.path, store, sandbox.assets.href, server.baseUrl, String(event), String(afterMs), `net ${origin}`,
    ], { stdio: ['ignore', 'inherit', 'inherit'] });
    await once(host, 'exit');

    const runtime = await Runtime.open({
      workspace: workspace.path, dataDirectory: store, distDirectory: sandbox.assets, version: '0.0.0', approver: denyAll, log: () => undefined,
      settings: { ...defaultSettings, discoverModels: false, modelProviders: [{ kind: 'openai-compatible', name: 'test', baseUrl: server.baseUrl }] },
    });
    try {
      const [run] = runtime.store.runs().items;
      // Only a time in milliseconds may fall behind the end.
      if (afterMs === 0) expect(run?.state).toBe('interrupted');
      expect(['interrupted', 'done']).toContain(run!.state);
      expect(processesIn(workspace.path)).toEqual([]);
      expect(runtime.store.openLeases()).toEqual([]);
      // Whatever was written is on record with what was there before.
      if (text('made.txt') !== '') expect(runtime.events(run!.id).filter(({ type }) => type === 'file.written')).toHaveLength(1);
      const before = world();
      const asked = server.requests.length;
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(world()).toEqual(before);
      expect(server.requests).toHaveLength(asked);

      const last = run!.state === 'done' ? run! : await (async () => {
        const handle = await runtime.tasks.resume(run!.id);
        expect(await handle.outcome).toMatchObject({ state: 'done', clean: true, result: { answer: 'all three', verification: 'verified' } });
        told.push(JSON.stringify(server.requests[asked]!.body.messages));
        return runtime.store.run(handle.id);
      })();
      expect(world()).toEqual({ lines: 'once\n', requests: 1, made: 'made\n' });
      expect(runtime.store.run(run!.id).state).toBe(run!.state);
      expect(last.session).toBe(run!.session);
      // What was sent before the kill is what the resumed run sends first, word for word, and every call in it has its one result.
      const messages = server.requests.at(-1)!.body.messages;
      const called = messages.flatMap(({ tool_calls: list = [] }) => list.map(({ id }) => id));
      expect(messages.flatMap(({ role, tool_call_id: id }) => (role === 'tool' ? [id] : []))).toEqual(called);
      expect(new Set(called).size).toBe(called.length);
    } finally {
      await runtime[Symbol.asyncDispose]();
      site.closeAllConnections();
      site.close();
    }
  });

  it('was caught in the middle of an effect more than once, or this file shows nothing', () => {
    expect(told.filter((text) => text.includes('Outcome unknown')).length).toBeGreaterThan(1);
    expect(told.filter((text) => !text.includes('Outcome unknown')).length).toBeGreaterThan(1);
  });
});
