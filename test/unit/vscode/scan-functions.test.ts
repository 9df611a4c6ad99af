import { describe, expect, it } from 'vitest';
import { needsOf, scanFunctions } from '../../../src/vscode/lenses/scan-functions.ts';

const names = (text: string) => scanFunctions(text).map(({ name }) => name);

describe('scanFunctions', () => {
  it('finds functions, async functions and arrows with their lines', () => {
    const text = ['// prices', 'export function total(rows: number[]) {', '  return 1;', '}', 'export async function load() {}', 'export const half = (n: number): number => n / 2;', 'export const twice = n => n * 2;'].join('\n');
    expect(scanFunctions(text)).toEqual([
      { name: 'total', line: 1, hasParameters: true },
      { name: 'load', line: 4, hasParameters: false },
      { name: 'half', line: 5, hasParameters: true },
      { name: 'twice', line: 6, hasParameters: true },
    ]);
  });

  it('finds generic functions, typed constants and function expressions', () => {
    expect(names('export function first<T extends { a: () => void }>(rows: T[]): T { return rows[0]; }')).toEqual(['first']);
    expect(names('export const parse: (text: string) => number = (text) => Number(text);')).toEqual(['parse']);
    expect(names('export const make = function (a: number) { return a; };')).toEqual(['make']);
    expect(names('export const wrap = async <T>(work: () => Promise<T>) => work();')).toEqual(['wrap']);
  });

  it('finds an arrow whose parameters take several lines', () => {
    expect(names('export const join = (\n  a: string,\n  b: string,\n): string => a + b;')).toEqual(['join']);
  });

  it('takes no value in brackets for a function', () => {
    expect(names('export const sum = (1 + 2);\nexport const rows = [1, 2];\nexport const name = "x";')).toEqual([]);
  });

  it('takes nothing that is not exported, nor types and classes', () => {
    expect(names('function inner() {}\nexport class A { run() {} }\nexport interface B { run(): void }\nexport type C = () => void;\nexport default class {}\nexport default { a: 1 };\nexport defaultFunction () {}\n  export function indented() {}')).toEqual([]);
  });

  it.each([
    ['export default function () {}', false], ['export default async function main(a: number) {}', true], ['export default (a: number) => a;', true],
    ['export default async () => 1;', false], ['export default a => a;', true],
  ])('finds the default export %j', (text, hasParameters) => {
    expect(scanFunctions(text)).toEqual([{ name: 'default', line: 0, hasParameters }]);
  });

  it('takes no default value in brackets for a function', () => {
    expect(names('export default (1 + 2);\nexport default name;')).toEqual([]);
  });
});

describe('what a file needs', () => {
  it.each([
    "import { readFile } from 'node:fs/promises';",
    "import fs from 'fs';",
    'import "node:process";',
    "const { join } = require('path');",
    "import {\n  join,\n} from 'node:path';",
  ])('is Node: %j', (line) => {
    expect(needsOf(`${line}\nexport function total(a: number) { return a; }`)).toBe('node');
  });

  it('is the editor, where no process of its own could run it either', () => {
    expect(needsOf("import { join } from 'node:path';\nimport * as vscode from 'vscode';\nexport function total(a: number) { return a; }")).toBe('editor');
  });

  it('is not misled by type-only imports, and by packages that only sound like Node', () => {
    expect(needsOf("import type { Stats } from 'node:fs';\nimport { x } from './fs.ts';\nimport y from 'fs-tree';\nexport function total(a: number) { return a; }")).toBe('none');
  });
});

describe('generated files', () => {

  it('are not looked at beyond 200 KB', () => {
    expect(names(`export function total(a: number) { return a; }\n${'// generated\n'.repeat(20_000)}`)).toEqual([]);
  });

  it('are not looked at where their lines are minified', () => {
    expect(names(`export function total(a: number) { return a; } /* ${'x'.repeat(1000)} */\nexport function small(a: number) { return a; }`)).toEqual(['small']);
  });
});
