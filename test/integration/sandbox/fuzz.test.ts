import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineName } from '../../../src/sandbox/protocol.ts';
import { fuzzBoundary } from '../../fuzz/boundary.ts';
import { everyCase } from '../../helpers/depth.ts';
import { buildSandboxFiles, sandboxFactory, type SandboxFiles } from '../../helpers/sandbox.ts';

let files: SandboxFiles;
beforeAll(async () => void (files = await buildSandboxFiles()));
afterAll(() => files[Symbol.dispose]());

const mebibyte = 1024 * 1024;
const seed = 20_261_122;
const resources = () => process.getActiveResourcesInfo().filter((name) => ['MessagePort', 'Worker', 'Timeout'].includes(name)).length;

describe.each<readonly [EngineName, number]>([['quickjs-wasi', 100_000], ['quickjs-emscripten', everyCase ? 20_000 : 5000]])('the boundary between %s and its host', (engine, calls) => {
  it(`bears ${calls} calls with whatever a program can make up: each settles once, nothing foreign crosses, nothing is left`, async () => {
    const before = resources();
    const spoilt = Object.getOwnPropertyNames(Object.prototype).length;
    let warm = 0;
    let most = 0;
    {
      await using factory = sandboxFactory(files, engine);
      const report = await fuzzBoundary(factory, {
        calls, seed,
        onRound({ calls: done }) {
          const rss = process.memoryUsage.rss();
          if (done < calls / 5) warm = Math.max(warm, rss);
          most = Math.max(most, rss);
        },
      });
      // A problem names its round: npm run fuzz -- --seed SEED --round ROUND plays it again.
      expect(report.problems).toEqual([]);
      expect(report.calls).toBeGreaterThanOrEqual(calls);
      // Rounds that ended otherwise were there too: of the few rounds of a small part there are fewer.
      expect(Object.keys(report.ends).length).toBeGreaterThanOrEqual(calls < 20_000 ? 2 : 5);
    }
    expect((most - warm) / mebibyte).toBeLessThan(150);
    expect(resources()).toBeLessThanOrEqual(before);
    expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(spoilt);
  }, 300_000);
});
