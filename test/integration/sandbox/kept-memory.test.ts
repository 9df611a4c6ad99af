import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { cpuMsOf } from '../../../src/sandbox/thread-cpu.ts';
import { hostilePrograms } from '../../fixtures/sandbox/hostile.ts';
import { sampled } from '../../helpers/depth.ts';

interface Report {
  readonly thread: number;
  readonly ends: readonly string[];
  readonly engines: number;
  readonly equal: number;
  readonly restored: number;
  readonly grown: number;
  readonly seenDuring: boolean;
  readonly seenAfter: number;
}

/** CPU time after which a program is stuck: one that can be ended is, after 150 ms. On a busy machine it may take many times as long. */
const stuckMs = 1200;
const secret = 'a-secret-that-no-other-program-may-see';

/** What the thread says next; nothing where it is stuck. */
async function next(worker: Worker, thread: number): Promise<Report | undefined> {
  const said = once(worker, 'message').then(([report]: Report[]) => report);
  const used = async () => await cpuMsOf(worker, thread) ?? performance.now();
  for (const began = await used(); (await used()) - began < stuckMs;) {
    const report = await Promise.race([said, sleep(50)]);
    if (report !== undefined) return report;
  }
  return undefined;
}

/** What is reported after the last program that came to an end: one in which the engine is never asked whether it may go on ends with its thread. */
async function inOneEngine(programs: readonly string[]): Promise<Report | undefined> {
  const worker = new Worker(new URL('../../fixtures/sandbox/kept-engine.ts', import.meta.url), { workerData: { programs, secret }, execArgv: ['--no-warnings', '--experimental-strip-types'], resourceLimits: { stackSizeMb: 16 } });
  try {
    const [ready]: Pick<Report, 'thread'>[] = await once(worker, 'message');
    let last: Report | undefined;
    for (let i = 0; i < programs.length; i++) {
      const report = await next(worker, ready!.thread);
      if (report === undefined) break;
      last = report;
    }
    return last;
  } finally {
    await worker.terminate();
  }
}

describe('the memory of a kept engine', () => {
  it('is byte for byte what it was, and empty beyond, after every hostile program that did not have it grow too far', async () => {
    const programs = sampled(hostilePrograms, 60).map(({ source }) => source);
    let [ended, restored] = [0, 0];
    for (let next = 0; next < programs.length;) {
      const report = await inOneEngine(programs.slice(next));
      expect(report?.equal).toBe(report?.restored);
      ended += report?.ends.length ?? 0;
      restored += report?.restored ?? 0;
      // One more than came to an end: the next one is stuck.
      next += (report?.ends.length ?? 0) + 1;
    }
    expect(ended).toBeGreaterThan(programs.length * 0.8);
    expect(restored).toBeGreaterThan(programs.length * 0.3);
  }, 300_000);

  it('holds nothing of a secret that a program had, in no engine that there ever was', async () => {
    const waits = `import { call } from 'assassin'; globalThis.kept = '${secret}'; export default async () => { const l = []; for (let i = 0; i < 1000; i++) l.push('${secret}' + i); await call('x', l[7]); };`;
    const grows = `export default () => { const l = []; for (let i = 0; i < 100000; i++) l.push('${secret}' + i); return l.length; };`;
    const growsFar = grows.replace('100000', '300000');
    const report = await inOneEngine([waits, 'export default () => typeof kept;', grows, waits, growsFar, waits]);
    expect(report).toMatchObject({ ends: ['stopped', 'done', 'done', 'stopped', 'done', 'stopped'], seenDuring: true, seenAfter: 0, restored: 5, grown: 2, equal: 5, engines: 2 });
  });
});
