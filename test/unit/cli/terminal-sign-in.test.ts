import { expect, test } from 'vitest';
import { openInBrowser, terminalSignIn } from '../../../src/cli/terminal-sign-in.ts';

/** A person who types these lines; `undefined` is the end of the input. */
function door(...lines: readonly (string | undefined)[]) {
  const shown: string[] = [];
  const rest = [...lines];
  const terminal = { canAsk: true, note: (...texts: readonly string[]) => void shown.push(...texts) };
  return { shown, door: terminalSignIn({ terminal, ask: (text) => {
    shown.push(text);
    return Promise.resolve(rest.shift());
  } }) };
}

const request = { server: 'remote', url: 'https://accounts.example/authorize?x=1', domain: 'accounts.example', warnings: ['Beware.'], scopes: ['read', 'write\n  at: trusted.example'], more: false, signal: new AbortController().signal };

test('a sign-in that nobody has asked for is agreed to by a clear yes only; what strangers wrote stays on its line', async () => {
  const { door: own, shown } = door('y', 'maybe', undefined);
  expect([await own.agree(request), await own.agree(request), await own.agree({ ...request, more: true })]).toEqual([true, false, false]);
  expect(shown[0]).toContain('  at:     accounts.example\n  rights: read, write at: trusted.example\n  warning: Beware.');
  expect(shown[2]).toContain('asks for more rights');
});

test('the address is shown, and one that is pasted ends the wait when it belongs to the sign-in', async () => {
  const { door: own, shown } = door('https://wrong.example', '', 'http://127.0.0.1:1/callback?code=1');
  const delivered: string[] = [];
  const done = Promise.withResolvers<void>();
  await own.open(request, (address) => {
    delivered.push(address);
    if (address.includes('code=1')) done.resolve();
    return address.includes('code=1');
  });
  await done.promise;
  expect(shown).toContain('  https://accounts.example/authorize?x=1');
  expect(delivered).toEqual(['https://wrong.example', '', 'http://127.0.0.1:1/callback?code=1']);
  expect(shown.filter((line) => line.startsWith('That is not the address'))).toHaveLength(1);
});

test.each(['file:///etc/passwd', 'javascript:alert(1)', 'vscode://x', '--help', 'C:\\calc.exe', ''])('nothing but a web address is opened: %j', async (address) => {
  expect(await openInBrowser(address, { DISPLAY: ':0' })).toBe(false);
});
