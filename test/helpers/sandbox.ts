import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { nodeOptions } from '../../scripts/lib/bundle/options.mjs';
import { AssassinError } from '../../src/shared/errors.ts';
import type { Json } from '../../src/shared/json.ts';
import type { EngineName } from '../../src/sandbox/protocol.ts';
import { SandboxFactory, type SandboxFactoryOptions } from '../../src/sandbox/sandbox-factory.ts';
import type { SandboxHost, SandboxLimits, SandboxProgram, SandboxResult, SandboxUsage } from '../../src/sandbox/sandbox.ts';
import { withRun, type FinishedRun } from './run.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface SandboxFiles extends Disposable {
  readonly worker: URL;
  readonly assets: URL;
}

/** The worker as the product bundles it, with the engines' files beside it, in a folder of its own. */
export async function buildSandboxFiles(): Promise<SandboxFiles> {
  const folder = mkdtempSync(join(tmpdir(), 'test-sandbox-'));
  await build({ ...nodeOptions(true), entryPoints: { 'sandbox-worker': join(root, 'src/sandbox/worker.ts'), 'search-worker': join(root, 'src/workspace/context/search-worker.ts') }, outdir: folder, write: true, metafile: false });
  mkdirSync(join(folder, 'quickjs'));
  const packages = join(root, 'node_modules');
  copyFileSync(join(packages, 'quickjs-wasi/quickjs.wasm'), join(folder, 'quickjs.wasm'));
  copyFileSync(join(packages, 'quickjs-wasi/extensions/encoding/encoding.so'), join(folder, 'quickjs/encoding.so'));
  copyFileSync(join(packages, '@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.wasm'), join(folder, 'quickjs-emscripten.wasm'));
  const assets = pathToFileURL(`${folder}/`);
  return { worker: new URL('sandbox-worker.js', assets), assets, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

export function sandboxFactory(files: SandboxFiles, engine: EngineName = 'quickjs-wasi', options: Partial<SandboxFactoryOptions> = {}): SandboxFactory {
  return new SandboxFactory({ worker: files.worker, assets: files.assets, engine, limits: {}, ...options });
}

export interface GuestOptions {
  readonly args?: readonly Json[];
  readonly modules?: Readonly<Record<string, string>>;
  readonly limits?: Partial<SandboxLimits>;
  readonly host?: Partial<SandboxHost>;
  readonly clock?: SandboxProgram['clock'];
  readonly random?: SandboxProgram['random'];
  readonly call?: string;
  readonly signal?: AbortSignal;
}

export interface GuestOutcome {
  readonly result?: SandboxResult;
  readonly error?: AssassinError;
  readonly usage: SandboxUsage;
  readonly console: readonly string[];
  /** What the destruction report says of the sandbox. */
  readonly how: string;
  readonly run: FinishedRun;
}

/** A module that makes host calls, as the product's own guest module does. */
const assassinModule = "import { call } from 'assassin:host';\nexport { call };\nexport const tool = (name, args) => call(name, args);\n";

/** Runs the module `main.js`, whose source is given, in a sandbox of a real run. */
export async function runGuest(factory: SandboxFactory, source: string, options: GuestOptions = {}): Promise<GuestOutcome> {
  const lines: string[] = [];
  let outcome: Pick<GuestOutcome, 'result' | 'error' | 'usage'> | undefined;
  const run = await withRun([], async (scope) => {
    await using lease = await factory.lease(scope, 'guest', options.limits);
    const sandbox = lease.resource;
    const program: SandboxProgram = {
      modules: new Map(Object.entries({ 'main.js': source, assassin: assassinModule, ...options.modules })),
      entry: 'main.js', call: options.call ?? 'default', args: options.args ?? [], clock: options.clock ?? 'real', random: options.random ?? 'real',
    };
    const host: SandboxHost = {
      call: options.host?.call ?? ((name) => Promise.reject(new AssassinError('tool-not-found', `There is no tool ${name}.`, { hint: 'Use another.' }))),
      console: options.host?.console ?? ((level, text) => void lines.push(`${level}: ${text}`)),
    };
    try {
      const result = await sandbox.run(program, host, AbortSignal.any([scope.signal, ...(options.signal ? [options.signal] : [])]));
      outcome = { result, usage: sandbox.usage };
    } catch (error) {
      if (!AssassinError.isInstance(error)) throw error;
      outcome = { error, usage: sandbox.usage };
    }
    return null;
  });
  if (outcome === undefined) throw run.outcome.error === undefined ? new Error('the run had no body') : new AssassinError(run.outcome.error.code, run.outcome.error.message, run.outcome.error);
  return { ...outcome, console: lines, how: run.of('lease.destroyed')[0]?.how ?? '', run };
}

/** The value that the guest's function returned. */
export async function guestValue(factory: SandboxFactory, source: string, options: GuestOptions = {}): Promise<Json> {
  const { result, error } = await runGuest(factory, source, options);
  if (error !== undefined) throw error;
  return result?.value ?? null;
}

/** The error with which it ended. */
export async function guestError(factory: SandboxFactory, source: string, options: GuestOptions = {}): Promise<AssassinError> {
  const { result, error } = await runGuest(factory, source, options);
  if (error === undefined) throw new Error(`It ended well, with ${JSON.stringify(result?.value)}.`);
  return error;
}
