import { describe, expect, it } from 'vitest';
import { unreachedStatements } from '../../../src/chains/reached.ts';
import { parseModule } from '../../../src/chains/strip-types.ts';

/** The first words of each statement that an export does not reach. */
async function left(source: string, ...wanted: readonly string[]): Promise<readonly string[]> {
  return [...unreachedStatements(await parseModule(source), new Set(wanted))].map(({ start, end }) => source.slice(start, end).split('\n')[0]!);
}

const load = "import fs from 'fs';";

describe('what an export does not reach', () => {
  it.each([
    ['an import that only another one uses', `${load} export const a = () => 1; export const b = () => fs;`, [load, 'export const b = () => fs;']],
    ['what leads to it over others', `${load} const one = () => fs; function two() { return one(); } export const a = () => two();`, []],
    ['a name that is a parameter or a variable of the function', `${load} export const a = (fs) => fs; export function b() { const fs = 1; return fs; }`, [load, 'export function b() { const fs = 1; return fs; }']],
    ['the outer name in the default value of a parameter', `${load} export function a(x = fs) { const fs = 1; return [x, fs]; }`, []],
    ['a field of that name', `${load} export const a = (x) => x.fs + { fs: 1 }.fs;`, [load]],
    ['a short field', `${load} export const a = () => ({ fs });`, []],
    ['what runs when the module is loaded', `${load} const cache = fs.readFileSync('x'); export const a = () => 1;`, []],
    ['a class whose parent or static field is worked out', `${load} class One extends fs.Stats {} class Two { static x = fs; } export const a = () => 1;`, []],
    ['the methods of a class, but for the names of its parents', `${load} import b from 'b'; import c from 'c'; class One { x = fs; } export class Two extends One { y() { return fs; } } const three = class extends b {}; export const a = () => 1;`, [load, "import c from 'c';", 'class One { x = fs; }', 'export class Two extends One { y() { return fs; } }', 'const three = class extends b {};']],
    ['a function that a statement changes', `${load} export const b = () => fs; b.x = 1; export const a = () => 1;`, []],
    ['both declarations of one name', `var x = fs; var x = 2; ${load} export const a = () => x;`, []],
    ['what eval may name', `${load} export const a = (code) => eval(code);`, []],
    ['an import by require() or import()', "const { x: { y } } = require('fs'); const z = (await import('os')).cpus; export const a = () => 1;", ["const { x: { y } } = require('fs');", "const z = (await import('os')).cpus;"]],
    ['a list of exports', `${load} const inner = () => fs; const b = 1; export { inner as c, b as a };`, [load, 'const inner = () => fs;']],
    ['what is handed on', "export { a } from './a.js'; export { b } from './b.js'; export * from './c.js'; export * as d from './d.js';", ["export { b } from './b.js';", "export * from './c.js';", "export * as d from './d.js';"]],
    ['a default export', `${load} export default () => fs; export const a = 1;`, [load, 'export default () => fs;']],
    ['a default export that is worked out', `${load} export default fs.promises; export const a = 1;`, []],
  ])('%s', async (_what, source, expected) => {
    expect(await left(source, 'a')).toEqual(expected);
  });

  it('takes every module whose names are not known for one that may have the export', async () => {
    expect(await left("export * from './c.js'; export { b } from './b.js';", 'a')).toEqual(["export { b } from './b.js';"]);
  });
});
