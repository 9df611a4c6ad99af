import { existsSync } from 'node:fs';
import { inRoot, root } from '../paths.mjs';
import { stubPlugin } from './stubs.mjs';
import { zodNamespacePlugin } from './zod-namespace.mjs';

/** Output name without extension -> source file. */
export const nodeEntries = { extension: 'src/extension.ts', cli: 'src/cli.ts', 'sandbox-worker': 'src/sandbox/worker.ts', 'function-node': 'src/chains/functions/node/entry.ts', 'search-worker': 'src/workspace/context/search-worker.ts' };
export const webviewEntries = { panel: 'webview-ui/main.tsx', 'mcp-app': 'webview-ui/mcp-app/main.ts' };

/** CommonJS libraries inside an ES module bundle still call `require` for Node's own modules. */
const requireBanner = "import{createRequire as iaCreateRequire}from'node:module';const require=iaCreateRequire(import.meta.url);";

/** @param {Record<string, string>} entries */
export const missingEntries = (entries) => Object.values(entries).filter((file) => !existsSync(inRoot(file)));

/** @param {Record<string, string>} entries */
const present = (entries) => Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(inRoot(file))));

/** @param {boolean} production @returns {import('esbuild').BuildOptions} */
const common = (production) => ({
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  minify: production,
  sourcemap: production ? false : 'linked',
  sourcesContent: false,
  legalComments: 'none',
  metafile: true,
  write: false,
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': JSON.stringify(production ? 'production' : 'development') },
});

/** @param {boolean} production @returns {import('esbuild').BuildOptions & { write: false, metafile: true }} */
export function nodeOptions(production) {
  const { define: _define, ...shared } = common(production);
  return {
    ...shared,
    entryPoints: present(nodeEntries),
    outdir: 'dist',
    // Flat: `new URL('./sandbox-worker.js', import.meta.url)` is then right in whichever chunk the code lands.
    chunkNames: 'chunk-[hash]',
    splitting: true,
    platform: 'node',
    // The lowest Node among the editors that are supported (VS Code 1.101): `using` is rewritten for it.
    target: 'node22',
    external: ['vscode'],
    // The ES module build of a library is the one that can be tree-shaken.
    mainFields: ['module', 'main'],
    conditions: ['module', 'import', 'node'],
    banner: { js: requireBanner },
    plugins: [stubPlugin(), zodNamespacePlugin()],
    write: false,
    metafile: true,
  };
}

/** @param {boolean} production @returns {import('esbuild').BuildOptions & { write: false, metafile: true }} */
export function webviewOptions(production) {
  return {
    ...common(production),
    entryPoints: present(webviewEntries),
    outdir: 'dist/webview',
    platform: 'browser',
    // What the first sight of the panel does not need comes in chunks: they load under the nonce of the script that asks for them, without any further source in the policy.
    splitting: true,
    chunkNames: 'chunk-[hash]',
    target: 'chrome122',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    alias: { react: 'preact/compat', 'react-dom': 'preact/compat', 'react/jsx-runtime': 'preact/jsx-runtime' },
    loader: { '.svg': 'dataurl', '.woff2': 'dataurl' },
    write: false,
    metafile: true,
  };
}
