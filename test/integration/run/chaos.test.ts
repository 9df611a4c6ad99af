import { expect, it } from 'vitest';
import { chaos } from '../../chaos/chaos.ts';
import { everyCase } from '../../helpers/depth.ts';

const runs = everyCase ? 24 : 12;

it('programs, browsers, servers and threads that are killed at random leave nothing, lose nothing and repeat nothing', async () => {
  const report = await chaos({ runs, seed: 20_261_122, hosts: 2, batch: 6 });
  expect(report.problems).toEqual([]);
  expect(report.runs).toBe(runs);
  // Without any of these this shows nothing.
  expect(report.kills.host).toBeGreaterThan(0);
  expect(Object.values(report.kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(2);
  expect(report.effects.seen).toBeGreaterThan(runs / 3);
}, 180_000);
