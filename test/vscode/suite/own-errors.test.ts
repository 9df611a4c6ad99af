import assert from 'node:assert/strict';
import { join } from 'node:path';
import { chainUri, command, ended, eventually } from './recorded.ts';
import { extensionUnderTest } from './extension-under-test.ts';
import { describe, it } from './spec.ts';

const key = `ghp_${'e5R6'.repeat(9)}`;

/** An error as it comes out of that file, with a key in its message. */
function errorOf(file: string): Error {
  const error = new Error(`The answer to ${key} was wrong.`);
  error.stack = `Error: ${error.message}\n    at work (${file}:1:1)`;
  return error;
}

describe('an error that nobody has handled', () => {
  it('of ours is told by the real extension host without the key in it, and one of another extension is left as it is', async () => {
    const { extensionPath } = extensionUnderTest();
    // Errors are looked at from the first run on: before it there is nothing of ours that could hold a secret.
    assert.equal((await ended(await command('runChain', chainUri('hello')))).state, 'done');
    const heard: { readonly error: unknown; readonly stack: string }[] = [];
    const hear = (error: unknown) => void heard.push({ error, stack: error instanceof Error ? String(error.stack) : '' });
    // Whoever hears of it after us, as the editor does, hears of what is left.
    process.on('unhandledRejection', hear);
    const own = errorOf(join(extensionPath, 'dist', 'extension.js'));
    const foreign = errorOf('/extensions/someone.else/main.js');
    try {
      void Promise.reject(own);
      void Promise.reject(foreign);
      await eventually('both to be heard', () => [own, foreign].every((error) => heard.some((each) => each.error === error)));
    } finally {
      process.off('unhandledRejection', hear);
    }
    const said = (error: Error) => heard.find((each) => each.error === error)?.stack ?? '';
    assert.match(said(own), /The answer to \[redacted\] was wrong\./);
    assert.ok(!said(own).includes(key) && !own.message.includes(key));
    assert.ok(said(foreign).includes(key));
    const listeners = process.listeners('unhandledRejection');
    assert.ok(listeners.length > 1 && String(listeners[0]).includes('An error that nobody has handled'), 'the editor, which listens too, is told after us');
  });
});
