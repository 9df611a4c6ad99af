import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseBudgetFlags, parseInputFlag, parseJsonFlag, parsePort, parseSeconds } from '../../../src/cli/arguments.ts';
import { sharedBudgetOf } from '../../../src/cli/shared-budget-flags.ts';

const folder = mkdtempSync(join(tmpdir(), 'ia-arguments-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('no input is an empty object', () => {
  expect(parseInputFlag(undefined, folder)).toEqual({});
});

test('an input is JSON, or a file with JSON, relative to where the command was called', () => {
  writeFileSync(join(folder, 'input.json'), '{"a":[1]}');
  expect(parseInputFlag('{"a":1}', folder)).toEqual({ a: 1 });
  expect(parseInputFlag('@input.json', folder)).toEqual({ a: [1] });
});

test('broken JSON says where it stands, what is wrong and how to write it', () => {
  expect(() => parseInputFlag('{a:1}', folder)).toThrow(expect.objectContaining({ code: 'invalid-input', message: expect.stringContaining('--input is not valid JSON'), hint: expect.stringContaining('--input') }));
  writeFileSync(join(folder, 'broken.json'), '{');
  expect(() => parseInputFlag('@broken.json', folder)).toThrow(expect.objectContaining({ message: expect.stringContaining('broken.json') }));
});

test('broken JSON of another flag is told by the name of that flag', () => {
  expect(() => parseJsonFlag('--checks', '{', folder, '[{"click":"a"}]')).toThrow(expect.objectContaining({ code: 'invalid-input', message: expect.stringMatching(/^--checks is not/), hint: expect.stringContaining(`--checks '[{"click":"a"}]'`) }));
  expect(() => parseJsonFlag('--checks', '@missing.json', folder, '[]')).toThrow(expect.objectContaining({ hint: expect.stringContaining('--checks @FILE') }));
});

test('a port is a whole number that a computer has', () => {
  expect([parsePort('0'), parsePort('4318'), parsePort('65535')]).toEqual([0, 4318, 65535]);
  for (const text of ['65536', '99999', '-1', 'abc', '', '80.5', '1e3']) expect(() => parsePort(text)).toThrow(expect.objectContaining({ code: 'invalid-input', message: `"${text}" is not a port.` }));
});

test('seconds may have fractions, and are more than none and not too many', () => {
  expect([parseSeconds('--within', '0.5', 600), parseSeconds('--within', '600', 600)]).toEqual([500, 600_000]);
  for (const text of ['abc', '', '0', '-1', '601', 'Infinity']) expect(() => parseSeconds('--within', text, 600)).toThrow(expect.objectContaining({ code: 'invalid-input', message: expect.stringMatching(/^--within needs seconds, at most 600/) }));
});

test('an input file that is not there is named', () => {
  expect(() => parseInputFlag('@missing.json', folder)).toThrow(expect.objectContaining({ code: 'file-not-found', message: expect.stringContaining('missing.json') }));
});

test('budgets are numbers by name, zero included', () => {
  expect(parseBudgetFlags([])).toBeUndefined();
  expect(parseBudgetFlags(['wallMs=1500', 'moneyUsd=0'])).toEqual({ wallMs: 1500, moneyUsd: 0 });
});

test.each(['wallMs', 'wallMs=', 'wallMs=soon', 'wallMs=-1', 'wall=5', '=5', 'wallMs=Infinity'])('%s is not a budget', (flag) => {
  expect(() => parseBudgetFlags([flag])).toThrow(expect.objectContaining({ code: 'invalid-input', hint: expect.stringContaining('wallMs') }));
});

test('limits of all runs on the command line go before those of the settings, one by one, and a wrong one names its flag', () => {
  const set = { perDay: { tokens: 10, moneyUsd: 1 }, perWorkspace: { steps: 5 } };
  expect(sharedBudgetOf({}, undefined)).toEqual({});
  expect(sharedBudgetOf({}, set)).toEqual({ sharedBudget: set });
  expect(sharedBudgetOf({ budgetPerDay: ['moneyUsd=2'], budgetPerWorkspace: ['tokens=7'] }, set)).toEqual({ sharedBudget: { perDay: { tokens: 10, moneyUsd: 2 }, perWorkspace: { steps: 5, tokens: 7 } } });
  expect(() => sharedBudgetOf({ budgetPerDay: ['dollars=2'] })).toThrow(expect.objectContaining({ code: 'invalid-input', hint: expect.stringContaining('--budget-per-day NAME=NUMBER') as string }));
});
