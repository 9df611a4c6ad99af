import { expect, it } from 'vitest';
import { chaos } from '../../chaos/chaos.ts';

it('programs, browsers, servers and threads that are killed at random leave nothing, lose nothing and repeat nothing', async () => {
  const report = await chaos({ runs: 24, seed: 20_261_122, hosts: 3, batch: 6 });
  expect(report.problems).toEqual([]);
  expect(report.runs).toBe(24);
  // Without any of these this shows nothing.
  expect(report.kills.host).toBeGreaterThan(0);
  expect(Object.values(report.kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3);
  expect(report.effects.seen).toBeGreaterThan(10);
}, 180_000);
