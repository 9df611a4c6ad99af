import { describe, expect, it } from 'vitest';
import { inputCheck } from '../../../src/chains/input-schema.ts';
import { inputSchemaOf, liftInputs } from '../../../src/chains/lift-inputs.ts';

const main = (body: string, head = '') => `import { browser, workspace } from 'assassin';\n${head}export default async function () {\n${body}\n}\n`;

describe('the inputs of a frozen chain', () => {
  it('are the addresses, paths, words and numbers that the person named, each once, under the name that the code gives it', async () => {
    const code = main(`  const maxPrice: number = 25;
  const page = await browser.open("https://shop.example/list?page=2");
  const rows = await page.extract({ rows: [{ name: '.name' }] });
  const kept = rows.filter((row: { price: number }) => row.price <= maxPrice || row.kind === 'lamp');
  await workspace.writeFile('out/lamps.csv', kept.join("\\n"));
  return { site: \`https://shop.example\`, path: 'out/lamps.csv', n: 2 };`);
    const { code: lifted, inputs } = await liftInputs(code, 'Every "lamp" under 25 from https://shop.example/, into out/lamps.csv.');
    expect(inputs).toEqual([{ name: 'maxPrice', value: 25 }, { name: 'url', value: 'https://shop.example' }, { name: 'text', value: 'lamp' }, { name: 'path', value: 'out/lamps.csv' }]);
    expect(lifted).toContain('function (input: { maxPrice: number; url: string; text: string; path: string }) {');
    expect(lifted).toContain('browser.open(`${input.url}/list?page=2`)');
    expect(lifted).toContain('site: input.url, path: input.path, n: 2');
    expect(lifted).toContain("name: '.name'");
    expect(lifted).not.toContain('lamps.csv');
  });

  it('have the values of the task where nothing is given, and refuse fields that there are not', () => {
    const check = inputCheck(inputSchemaOf([{ name: 'url', value: 'https://a.example' }, { name: 'max', value: 3 }]));
    if (typeof check !== 'function') throw new Error('The schema cannot be used.');
    expect(check(null)).toEqual({ url: 'https://a.example', max: 3 });
    expect(check({ max: 9 })).toEqual({ url: 'https://a.example', max: 9 });
    expect(() => check({ maximum: 9 })).toThrow('does not fit');
  });

  it.each([
    ['texts of imports, keys and types', main('  const x: { kind: "lamp" } = { lamp: 1 } as never; return x;', 'import type { A } from "./lamp.ts";\n'), 'Find the lamp in ./lamp.ts'],
    ['parts of words and of numbers', main('  return ["lam", 5, 12];'), 'A lamp for 2.5 or Q12 or 1,5'],
    ['what is too short to mean anything, and 0 and 1', main('  return ["a", 0, 1];'), 'a 0 1'],
    ['code outside of the function', main('  return SHOP;', 'const SHOP = "https://shop.example";\n'), 'From https://shop.example'],
    ['a default export with parameters of its own', 'export default (given: unknown) => "lamp";\n', 'lamp'],
  ])('are not %s', async (_what, code, task) => {
    expect(await liftInputs(code, task)).toEqual({ code, inputs: [] });
  });

  it('take another name than one that the code uses, and arrows and escapes are no trouble', async () => {
    const { code } = await liftInputs('export default async () => { const input = "lamp"; return "https://a.example/`${x}" + input; };\n', 'lamp at https://a.example');
    expect(code).toBe('export default async (given: { input: string; url: string }) => { const input = given.input; return `${given.url}/\\`\\${x}` + input; };\n');
  });
});
