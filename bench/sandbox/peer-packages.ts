import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = new URL('../peers/', import.meta.url);
const requireThere = createRequire(new URL('package.json', folder));

/** Installs what the sandbox is compared with, where it is not there yet. It lies apart from the product, whose TypeScript one of the peers does not accept. */
export function installPeers(): void {
  const [lock, installed] = [new URL('package-lock.json', folder), new URL('node_modules/.package-lock.json', folder)];
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  // No install scripts: every peer brings what it needs as a prebuilt file.
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: fileURLToPath(folder), stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
}

/** The module of a peer. Whoever takes it says what of it he uses. */
export const peerModule = (name: string) => import(pathToFileURL(requireThere.resolve(name)).href);

export function peerVersion(name: string): string {
  const { version }: { readonly version: string } = JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, folder), 'utf8'));
  return `${name} ${version}`;
}

/** The program of the Deno package for this machine; `undefined` where there is none. */
export function denoProgram(): string | undefined {
  const suffix = process.platform === 'linux' ? `linux-${process.arch}-glibc` : `${process.platform}-${process.arch}`;
  const file = fileURLToPath(new URL(`node_modules/@deno/${suffix}/deno${process.platform === 'win32' ? '.exe' : ''}`, folder));
  return existsSync(file) ? file : undefined;
}
