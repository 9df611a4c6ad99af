// node esbuild.mjs [--production] [--watch] [--metafile] [--allow-missing]
import { mkdirSync, writeFileSync } from 'node:fs';
import { build, context } from 'esbuild';
import { stampBuild } from './scripts/lib/build.mjs';
import { thirdPartyNotices } from './scripts/lib/bundle/notices.mjs';
import { missingEntries, nodeEntries, nodeOptions, webviewEntries, webviewOptions } from './scripts/lib/bundle/options.mjs';
import { sandboxAssets, writeDist } from './scripts/lib/bundle/output.mjs';
import { printSizes } from './scripts/lib/bundle/sizes.mjs';
import { inRoot } from './scripts/lib/paths.mjs';

const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');

/** @typedef {import('esbuild').BuildResult<{ write: false, metafile: true }>} Result */

/** @param {readonly Result[]} results */
function emit(results) {
  const files = sandboxAssets();
  for (const { outputFiles } of results) for (const file of outputFiles) files.set(file.path, file.contents);
  const outputs = Object.assign({}, ...results.map(({ metafile }) => metafile.outputs));
  const inputs = Object.assign({}, ...results.map(({ metafile }) => metafile.inputs));
  if (production) files.set(inRoot('dist', 'ThirdPartyNotices.txt'), Buffer.from(thirdPartyNotices(inputs)));
  writeDist(files, production);
  mkdirSync(inRoot('out'), { recursive: true });
  writeFileSync(inRoot('out', 'metafile.json'), JSON.stringify({ inputs, outputs }));
  stampBuild(production ? 'production' : 'development');
  if (flags.has('--metafile')) printSizes({ inputs, outputs });
}

function checkEntries() {
  const missing = [...missingEntries(nodeEntries), ...missingEntries(webviewEntries)];
  if (missing.length === 0) return;
  console.error(`Entry points are missing: ${missing.join(', ')}.`);
  if (!flags.has('--allow-missing')) {
    console.error('Nothing was built. To build what is there, add --allow-missing.');
    process.exit(1);
  }
}

const allOptions = () => [nodeOptions(production), webviewOptions(production)].filter((options) => Object.keys(options.entryPoints ?? {}).length > 0);

async function watch() {
  /** @type {Map<number, Result>} */
  const latest = new Map();
  for (const [index, options] of allOptions().entries()) {
    const collect = {
      name: 'write-when-complete',
      setup(/** @type {import('esbuild').PluginBuild} */ pluginBuild) {
        pluginBuild.onEnd((result) => {
          if (result.errors.length > 0) return;
          latest.set(index, /** @type {Result} */ (result));
          if (latest.size === allOptions().length) emit([...latest.values()]);
          console.log(`${new Date().toLocaleTimeString()} built ${options.outdir}`);
        });
      },
    };
    await (await context({ ...options, plugins: [...(options.plugins ?? []), collect] })).watch();
  }
}

checkEntries();
if (flags.has('--watch')) await watch();
else {
  try {
    emit(await Promise.all(allOptions().map((options) => build(options))));
  } catch {
    // esbuild has printed the errors with file and line already.
    process.exitCode = 1;
  }
}
