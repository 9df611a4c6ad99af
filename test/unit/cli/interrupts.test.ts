import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { onInterrupt } from '../../../src/cli/interrupts.ts';

function watched() {
  const signals = new EventEmitter();
  const said: string[] = [];
  const interrupts = onInterrupt({
    signals: signals as unknown as Pick<NodeJS.Process, 'on' | 'off'>,
    cancel: (reason) => said.push(`cancel: ${reason}`), note: () => undefined, exitNow: (code) => said.push(`exit ${code}`),
  });
  return { signals, said, interrupts };
}

test('the first interrupt cancels, the second ends at once', () => {
  const { signals, said } = watched();
  signals.emit('SIGINT', 'SIGINT');
  expect(said).toEqual(['cancel: Cancelled from the terminal.']);
  signals.emit('SIGINT', 'SIGINT');
  expect(said.at(-1)).toBe('exit 130');
});

test('a request to end from another program cancels too', () => {
  const { signals, said } = watched();
  signals.emit('SIGTERM', 'SIGTERM');
  expect(said).toEqual(['cancel: Cancelled by SIGTERM.']);
});

test('afterwards the signals have their usual meaning again', () => {
  const { signals, interrupts } = watched();
  interrupts[Symbol.dispose]();
  expect(['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => signals.listenerCount(name))).toEqual([0, 0, 0]);
});
