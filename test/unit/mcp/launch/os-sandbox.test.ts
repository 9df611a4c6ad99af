import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sandboxed, type SandboxOptions } from '../../../../src/mcp/launch/os-sandbox.ts';

const there = (...programs: readonly string[]) => (program: string) => (programs.includes(program) ? `/usr/bin/${program}` : undefined);
const options = (more: Partial<SandboxOptions> = {}): SandboxOptions => ({
  command: 'npx', args: ['-y', 'server', '--settings', 'own'], title: 'notes', platform: 'linux', find: there('srt', 'bwrap', 'socat', 'rg'),
  sandbox: { filesystem: { allowWrite: ['/work'], denyRead: ['/home/me/.ssh'] }, network: { allowedDomains: ['api.example.com'] } }, ...more,
});

it('is started through the sandbox, with what it lets through in a file, and no argument of the server is one of the sandbox', async () => {
  const box = await sandboxed(options());
  const [, file, dashes, ...command] = box.args;
  expect([box.command, dashes, ...command]).toEqual(['/usr/bin/srt', '--', 'npx', '-y', 'server', '--settings', 'own']);
  expect(JSON.parse(readFileSync(file!, 'utf8'))).toEqual({
    filesystem: { denyRead: ['/home/me/.ssh'], allowWrite: ['/work'], denyWrite: [] }, network: { allowedDomains: ['api.example.com'], deniedDomains: [] },
  });
  await box[Symbol.asyncDispose]();
  expect(existsSync(file!)).toBe(false);
});

it('closes everything where nothing is named', async () => {
  await using box = await sandboxed(options({ sandbox: {}, platform: 'darwin', find: there('srt', 'sandbox-exec') }));
  expect(JSON.parse(readFileSync(box.args[1]!, 'utf8'))).toEqual({ filesystem: { denyRead: [], allowWrite: [], denyWrite: [] }, network: { allowedDomains: [], deniedDomains: [] } });
});

it.each<readonly [string, Partial<SandboxOptions>, string, string]>([
  ['on Windows', { platform: 'win32' }, 'no sandbox for servers on Windows', 'container'],
  ['on another system', { platform: 'freebsd' }, 'freebsd', 'sandboxEnabled'],
  ['without its program', { find: there('bwrap', 'socat', 'rg') }, '"srt" is not on the PATH', 'npm install -g @anthropic-ai/sandbox-runtime'],
  ['without what it needs', { find: there('srt') }, '"bwrap" and "socat" and "rg" are not on the PATH', 'bubblewrap'],
  ['without the program that it looks for files with', { find: there('srt', 'bwrap', 'socat') }, '"rg" is not on the PATH', 'ripgrep'],
])('is not started at all %s, and says so', async (_, more, message, hint) => {
  await expect(sandboxed(options(more))).rejects.toMatchObject({ code: 'not-supported', message: expect.stringContaining(message) as string, hint: expect.stringContaining(hint) as string });
});
