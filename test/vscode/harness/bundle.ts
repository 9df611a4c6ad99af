import { readdir } from 'node:fs/promises';
import { build } from 'esbuild';
import { inRoot } from '../../../scripts/lib/paths.mjs';

/** Brings the models that tests of the suite speak to through the editor. */
export const modelProvider = inRoot('test', 'vscode', 'model-provider');

/** Bundles every `suite/*.test.ts` with the runner into one module for the extension host, which reads no TypeScript. */
export async function bundleSuite(): Promise<string> {
  const suiteDir = inRoot('test', 'vscode', 'suite');
  const tests = (await readdir(suiteDir)).filter((name) => name.endsWith('.test.ts')).sort();
  const outfile = inRoot('out', 'vscode-suite', 'suite.mjs');
  await build({
    stdin: {
      contents: [...tests.map((name) => `import './${name}';`), "export { run } from './index.ts';"].join('\n'),
      resolveDir: suiteDir,
      sourcefile: 'all-tests.ts',
      loader: 'ts',
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: ['vscode'],
    sourcemap: 'inline',
    banner: { js: "import{createRequire as iaCreateRequire}from'node:module';const require=iaCreateRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  return outfile;
}
