/** @typedef {import('esbuild').Metafile} Metafile */

const kb = (/** @type {number} */ bytes) => `${(bytes / 1024).toFixed(1)} KB`;

/**
 * Every output that loading `entry` loads at once, itself included; dynamic imports are left out.
 * @param {Metafile} metafile
 * @param {string} entry
 */
export function staticClosure(metafile, entry) {
  const seen = new Set([entry]);
  for (const file of seen) {
    for (const { path, kind, external } of metafile.outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true) seen.add(path);
    }
  }
  return [...seen];
}

/** @param {Metafile} metafile @param {readonly string[]} files */
export const totalBytes = (metafile, files) => files.reduce((sum, file) => sum + (metafile.outputs[file]?.bytes ?? 0), 0);

/**
 * The npm packages whose code is in the given outputs, largest first.
 * @param {Metafile} metafile
 * @param {readonly string[]} files
 */
export function packagesIn(metafile, files) {
  /** @type {Map<string, number>} */
  const bytes = new Map();
  for (const file of files) {
    for (const [input, { bytesInOutput }] of Object.entries(metafile.outputs[file]?.inputs ?? {})) {
      const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? 'own code';
      bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
    }
  }
  return [...bytes].sort((a, b) => b[1] - a[1]);
}

/** @param {Metafile} metafile */
export function printSizes(metafile) {
  const scripts = Object.entries(metafile.outputs).filter(([file]) => file.endsWith('.js') || file.endsWith('.css'));
  const worthALine = scripts.filter(([, { bytes }]) => bytes > 5 * 1024).sort((a, b) => b[1].bytes - a[1].bytes);
  for (const [file, { bytes }] of worthALine) console.log(`${kb(bytes).padStart(12)}  ${file}`);
  console.log(`and ${scripts.length - worthALine.length} smaller files; ${kb(totalBytes(metafile, scripts.map(([file]) => file)))} in all`);
  for (const entry of ['dist/extension.js', 'dist/cli.js', 'dist/sandbox-worker.js']) {
    if (metafile.outputs[entry] === undefined) continue;
    const closure = staticClosure(metafile, entry);
    console.log(`\n${entry}: ${kb(metafile.outputs[entry].bytes)} itself, ${kb(totalBytes(metafile, closure))} in ${closure.length} files loaded at once`);
    for (const [name, bytes] of packagesIn(metafile, closure).slice(0, 8)) console.log(`${kb(bytes).padStart(12)}  ${name}`);
  }
}
