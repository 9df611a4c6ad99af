import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { packagesIn, staticClosure, totalBytes } from '../../scripts/lib/bundle/sizes.mjs';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { zipEntries } from './zip-entries.ts';

const kb = 1024;

/** What VS Code reads before our `activate` runs; everything else waits until it is needed. */
const entryLimit = 40 * kb;
const closureLimit = 160 * kb;
const vsixLimit = 3 * kb * kb;

/** Libraries that no window may pay for before a run starts. */
const heavy = ['puppeteer-core', '@modelcontextprotocol/client', '@modelcontextprotocol/sdk', 'quickjs-emscripten-core', '@jitl/quickjs-wasmfile-release-sync', 'quickjs-wasi', 'sucrase', 'acorn', 'ai'];

const metafile = JSON.parse(readFileSync(inRoot('out', 'metafile.json'), 'utf8')) as Parameters<typeof staticClosure>[0];
const vsix = process.env['ASSASSIN_VSIX'] ?? inRoot('out', 'test', 'packaged.vsix');

/** Chunks are named by their contents; which ones there are is the bundler's affair, that they are only chunks is ours. */
const withoutHash = (name: string) => name.replace(/chunk-[A-Z0-9]{8}\.js$/, 'chunk-*.js');

describe('bundle', () => {
  it('has a small extension entry', () => {
    expect(metafile.outputs['dist/extension.js']?.bytes).toBeLessThan(entryLimit);
  });

  it('loads little and no heavy library when the extension activates', () => {
    const closure = staticClosure(metafile, 'dist/extension.js');
    const packages = packagesIn(metafile, closure);
    const bytes = totalBytes(metafile, closure);
    console.log(`extension: ${closure.length} files, ${(bytes / kb).toFixed(0)} KB loaded at once: ${packages.map(([name, size]) => `${name} ${(size / kb).toFixed(0)} KB`).join(', ')}`);
    expect(packages.map(([name]) => name).filter((name) => heavy.includes(name))).toEqual([]);
    expect(bytes).toBeLessThan(closureLimit);
  });

  it('starts the command line with a line for the shell, and is executable', () => {
    expect(readFileSync(inRoot('dist', 'cli.js'), 'utf8').split('\n', 1)[0]).toBe('#!/usr/bin/env node');
    if (process.platform !== 'win32') expect(statSync(inRoot('dist', 'cli.js')).mode & 0o111).not.toBe(0);
  });
});

describe('VSIX', () => {
  it('was made', () => {
    expect(existsSync(vsix), `${vsix} is missing; run "npm test -- --only gates", which packages first`).toBe(true);
  });

  it('is under 3 MB', () => {
    console.log(`VSIX: ${(statSync(vsix).size / kb / kb).toFixed(2)} MB`);
    expect(statSync(vsix).size).toBeLessThan(vsixLimit);
  });

  it('holds exactly the files that are listed', async () => {
    const files = [...new Set(zipEntries(readFileSync(vsix)).map(withoutHash))].sort();
    await expect(`${files.join('\n')}\n`).toMatchFileSnapshot('vsix-files.txt');
  });
});
