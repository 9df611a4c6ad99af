import { expect, test } from 'vitest';
import { nodeProblem } from '../../../src/cli/node-version.ts';

test('a Node without SQLite is refused with the version that is needed', () => {
  for (const old of ['18.20.0', '20.20.2', '22.12.0']) expect(nodeProblem(old)).toContain('Node 22.13 or newer is needed');
  for (const fit of ['22.13.0', '22.15.1', '24.0.0', '26.1.0']) expect(nodeProblem(fit)).toBeUndefined();
});
