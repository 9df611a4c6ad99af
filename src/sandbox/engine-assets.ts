import { readFile } from 'node:fs/promises';
import { AssassinError } from '../shared/errors.ts';
import { quickened } from './known-engine.ts';
import { withSpreadNumbers } from './number-hash.ts';
import type { EngineModules, EngineName } from './protocol.ts';
import { withMemoryMaximum } from './wasm-memory.ts';

/** Files in the assets folder, relative to it. The build puts them there. */
const files: Readonly<Record<EngineName, { readonly main: string; readonly extensions: Readonly<Record<string, string>> }>> = {
  'quickjs-wasi': { main: 'quickjs.wasm', extensions: { encoding: 'quickjs/encoding.so' } },
  'quickjs-emscripten': { main: 'quickjs-emscripten.wasm', extensions: {} },
};

const pageBytes = 65536;
/** On top of what the guest's values may take: the engine's stack and static data, and what the host writes. */
const ownBytes = 8 * 1024 * 1024;

/** Reads and compiles what an engine needs, off the main thread. The memory maximum is part of the compiled code where the binary declares its own memory. */
export async function compileEngine(assets: URL, engine: EngineName, memoryBytes: number): Promise<EngineModules> {
  const { main, extensions } = files[engine];
  const binary = await readAsset(new URL(main, assets));
  const more = await Promise.all(Object.values(extensions).map((file) => readAsset(new URL(file, assets))));
  const capped = engine === 'quickjs-wasi' ? withMemoryMaximum(withSpreadNumbers(quickened(binary)), Math.ceil((memoryBytes + ownBytes) / pageBytes)) : binary;
  const [compiled, ...compiledMore] = await Promise.all([capped, ...more].map((bytes) => WebAssembly.compile(bytes)));
  return { main: compiled!, extensions: Object.keys(extensions).map((name, i) => ({ name, module: compiledMore[i]! })) };
}

async function readAsset(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(url));
  } catch (cause) {
    throw new AssassinError('sandbox-crashed', `A part of the sandbox is missing: ${url.pathname.split('/').at(-1)}.`, { hint: 'Install the extension again, or build it with "npm run build".', cause });
  }
}
