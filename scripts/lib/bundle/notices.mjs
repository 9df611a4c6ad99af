import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { inRoot } from '../paths.mjs';

/** Data files that are copied and so appear in no list of bundled sources. */
const copied = ['axe-core', 'quickjs-wasi', '@jitl/quickjs-wasmfile-release-sync'];

const licenceFile = /^(licen[cs]e|copying|notice)(\.|-|$)/i;

/** @param {string} folder of a package, relative to the repository */
function noticeOf(folder) {
  const manifest = JSON.parse(readFileSync(inRoot(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(inRoot(folder)).filter((name) => licenceFile.test(name)).map((name) => readFileSync(inRoot(folder, name), 'utf8').trim());
  return `${manifest.name} ${manifest.version} (${manifest.license ?? 'see below'})\n\n${texts.join('\n\n') || `No licence file in the package; its manifest says: ${manifest.license}`}`;
}

/**
 * The licences of everything that was bundled: they ask to be handed on with each copy.
 * @param {Record<string, unknown>} inputs of the metafile
 */
export function thirdPartyNotices(inputs) {
  const folders = new Set(copied.map((name) => `node_modules/${name}`));
  for (const input of Object.keys(inputs)) {
    const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (folder !== undefined && existsSync(inRoot(folder, 'package.json'))) folders.add(folder);
  }
  const line = '-'.repeat(80);
  return `This product contains the following third-party software.\n\n${[...folders].sort().map(noticeOf).join(`\n\n${line}\n\n`)}\n`;
}
