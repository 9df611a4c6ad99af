import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { hostilePrograms } from '../../fixtures/sandbox/hostile.ts';

interface Report {
  readonly ends: readonly string[];
  readonly engines: number;
  readonly equal: number;
  readonly restored: number;
  readonly seenDuring: boolean;
  readonly seenAfter: number;
}

const secret = 'a-secret-that-no-other-program-may-see';

async function inOneEngine(programs: readonly string[]): Promise<Report> {
  const worker = new Worker(new URL('../../fixtures/sandbox/kept-engine.ts', import.meta.url), { workerData: { programs, secret }, execArgv: ['--no-warnings', '--experimental-strip-types'], resourceLimits: { stackSizeMb: 16 } });
  try {
    const [report]: Report[] = await once(worker, 'message');
    return report!;
  } finally {
    await worker.terminate();
  }
}

/** Not those that the engine is never asked about: only the end of their thread stops them. */
const stoppable = hostilePrograms.filter(({ source }) => !/indexOf|join\(|hang|repeat\(2 \*\* 2|timer|setTimeout/i.test(source)).map(({ source }) => source);

describe('the memory of a kept engine', () => {
  it('is byte for byte what it was after every hostile program that left it its size', async () => {
    const report = await inOneEngine(stoppable);
    expect(report.ends).toHaveLength(stoppable.length);
    expect(report.restored).toBeGreaterThan(20);
    expect(report.equal).toBe(report.restored);
  }, 120_000);

  it('holds nothing of a secret that a program had, in no engine that there ever was', async () => {
    const waits = `import { call } from 'assassin'; globalThis.kept = '${secret}'; export default async () => { const l = []; for (let i = 0; i < 1000; i++) l.push('${secret}' + i); await call('x', l[7]); };`;
    const grows = `export default () => { const l = []; for (let i = 0; i < 100000; i++) l.push('${secret}' + i); return l.length; };`;
    const report = await inOneEngine([waits, 'export default () => typeof kept;', grows, waits]);
    expect(report).toMatchObject({ ends: ['stopped', 'done', 'done', 'stopped'], seenDuring: true, seenAfter: 0, restored: 3, equal: 3, engines: 2 });
  });
});
