import { describe, expect, it } from 'vitest';
import { mainExport, shapeOf } from '../../../../src/chains/functions/function-shape.ts';
import { parseModule } from '../../../../src/chains/strip-types.ts';

describe('the shape of a function', () => {
  it.each([
    ['export default () => 1;', 'default', 'plain'],
    ['export default async function x() {}', 'default', 'plain'],
    ['const f = (a) => a; export default f;', 'default', 'plain'],
    ['export default { fetch() {} };', 'default', 'fetch'],
    ['const app = { fetch() {} }; export default app;', 'default', 'fetch'],
    ['const app = new App(); export default app;', 'default', 'auto'],
    ["export { handler as default } from './x.js';", 'default', 'auto'],
    ['export const handler = async () => {};', 'handler', 'lambda'],
    ['export function fetch() {}', 'fetch', 'fetch'],
    ['export const handlers = () => {};', 'handlers', 'plain'],
  ])('%s: %s is %s', async (source, name, shape) => {
    const tree = await parseModule(source);
    expect(shapeOf(tree, name)).toBe(shape);
    expect(mainExport(tree)).toBe(['default', 'handler', 'fetch'].includes(name) ? name : 'default');
  });

  it('takes the default export before a handler', async () => {
    expect(mainExport(await parseModule('export const fetch = 1, handler = 2; export default 3;'))).toBe('default');
    expect(mainExport(undefined)).toBe('default');
  });
});
