import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { inRoot } from '../paths.mjs';

const dist = inRoot('dist');
/** Files that the sandbox loads at run time, by their names in dist -> in node_modules. */
const assets = {
  'axe.js': 'axe-core/axe.min.js',
  'quickjs.wasm': 'quickjs-wasi/quickjs.wasm',
  'quickjs/encoding.so': 'quickjs-wasi/extensions/encoding/encoding.so',
  'quickjs-emscripten.wasm': '@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.wasm',
};

/** @returns {Map<string, Uint8Array>} */
export function sandboxAssets() {
  return new Map(Object.entries(assets).map(([name, source]) => [join(dist, ...name.split('/')), readFileSync(inRoot('node_modules', ...source.split('/')))]));
}

/** @param {string} folder @returns {string[]} */
function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Makes the command line door executable; a line is inserted, so the source map moves down by one as well. @param {Map<string, Uint8Array>} files */
function addShebang(files) {
  const cli = join(dist, 'cli.js');
  const map = join(dist, 'cli.js.map');
  const code = files.get(cli);
  if (code === undefined) return;
  const text = Buffer.from(code).toString('utf8');
  if (text.startsWith('#!')) return;
  files.set(cli, Buffer.from(`#!/usr/bin/env node\n${text}`));
  const mapText = files.get(map);
  if (mapText === undefined) return;
  const parsed = JSON.parse(Buffer.from(mapText).toString('utf8'));
  files.set(map, Buffer.from(JSON.stringify({ ...parsed, mappings: `;${parsed.mappings}` })));
}

/** How long a chunk of an earlier development build stays: a CLI or an editor that runs from it may load it yet. */
const keepMs = 30 * 60_000;

/**
 * Writes what changed and removes what is stale afterwards: `dist` is never empty, so a build beside a running CLI or editor doesn't break it.
 * @param {Map<string, Uint8Array>} files absolute path -> contents
 * @param {boolean} production nothing of an earlier build may get into a package
 */
export function writeDist(files, production) {
  // npm and VS Code read the nearest package.json: this one makes dist a module folder wherever it is copied.
  files.set(join(dist, 'package.json'), Buffer.from('{ "type": "module" }\n'));
  addShebang(files);
  for (const [file, contents] of files) {
    if (existsSync(file) && readFileSync(file).equals(contents)) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
  if (files.has(join(dist, 'cli.js'))) chmodSync(join(dist, 'cli.js'), 0o755);
  for (const file of filesUnder(dist)) {
    if (!files.has(file) && (production || Date.now() - statSync(file).mtimeMs > keepMs)) rmSync(file, { force: true });
  }
  return [...files.keys()].map((file) => relative(dist, file));
}
