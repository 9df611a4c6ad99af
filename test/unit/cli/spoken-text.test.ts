import { expect, test } from 'vitest';
import { Terminal } from '../../../src/cli/terminal.ts';
import { SpokenText } from '../../../src/cli/views/spoken-text.ts';
import type { ModelDelta } from '../../../src/shared/conversation.ts';

function shown(...deltas: readonly (readonly [kind: ModelDelta['kind'], text?: string])[]): string {
  let written = '';
  const stream = { write: (text: string) => { written += text; return true; } };
  const spoken = new SpokenText(new Terminal({ stdout: stream, stderr: stream, stdin: process.stdin, env: {} }));
  for (const [kind, text = ''] of deltas) spoken.show({ run: 'run_1', turn: 's_1', step: 's_2', kind, text });
  return written;
}

test('what a model says is shown line by line, the last one at its end', () => {
  expect(shown(['text', 'one\ntw'], ['text', 'o\nthr'])).toBe('  one\n  two\n');
  expect(shown(['text', 'one'], ['end'])).toBe('  one\n');
});

test('an answer that broke off is said to be void, not to be asked for again: it may have been stopped', () => {
  const text = shown(['text', 'I will lo'], ['restart']);
  expect(text).toContain('I will lo');
  expect(text).toContain('broke off here');
  expect(text).not.toContain('again');
});

test('where nothing of an answer was shown, nothing is said to be void', () => {
  expect(shown(['restart'])).toBe('');
  expect(shown(['reasoning', 'hm'], ['restart'])).toBe('');
  expect(shown(['text', 'one\n'], ['end'], ['restart'])).toBe('  one\n');
});
