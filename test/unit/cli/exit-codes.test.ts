import { expect, test } from 'vitest';
import { exitCodeOf, exitCodeOfError } from '../../../src/cli/exit-codes.ts';
import type { ErrorCode } from '../../../src/shared/errors.ts';

const error = (code: ErrorCode, data?: Readonly<Record<string, unknown>>) => ({ code, message: 'm', ...(data ? { data } : {}) });

test('a clean run without an error is 0', () => {
  expect(exitCodeOf({ clean: true })).toBe(0);
});

test('leftovers count for more than why the run ended', () => {
  expect(exitCodeOf({ clean: false })).toBe(4);
  expect(exitCodeOf({ clean: false, error: error('chain-failed') })).toBe(4);
  expect(exitCodeOf({ clean: false, error: error('cancelled') })).toBe(4);
});

test.each([
  ['chain-failed', 1], ['tool-failed', 1], ['page-failed', 1], ['budget-exceeded', 1], ['timeout', 1], ['sandbox-limit', 1], ['mcp-start-failed', 1], ['internal', 1],
  ['chain-not-found', 2], ['chain-syntax', 2], ['chain-invalid', 2], ['invalid-grant', 2], ['invalid-config', 2], ['run-not-found', 2], ['mcp-not-configured', 2],
  ['denied', 3], ['egress-denied', 3], ['leftover', 4], ['browser-not-found', 5], ['store-unwritable', 5], ['no-model', 5], ['cancelled', 130],
] as const)('%s ends with %d', (code, exitCode) => {
  expect(exitCodeOfError(error(code))).toBe(exitCode);
});

test('a wrong input of the command is wrong usage; a tool called wrongly inside a run is a failed run', () => {
  expect(exitCodeOfError(error('invalid-input'))).toBe(2);
  expect(exitCodeOfError(error('invalid-input', { tool: 'page.click' }))).toBe(1);
});
