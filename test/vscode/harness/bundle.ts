import { readdir } from 'node:fs/promises';
import { build } from 'esbuild';
import { inRoot } from '../../../scripts/lib/paths.mjs';

/** Brings the models that tests of the suite speak to through the editor. */
export const modelProvider = inRoot('test', 'vscode', 'model-provider');

const suiteDir = inRoot('test', 'vscode', 'suite');

/** The names of all files of the suite, in the order in which they are run. */
export async function suiteFiles(): Promise<readonly string[]> {
  return (await readdir(suiteDir)).filter((name) => name.endsWith('.test.ts')).sort();
}

/** Bundles these files of `suite` with the runner into one module for the extension host, which reads no TypeScript. */
export async function bundleSuite(files: readonly string[]): Promise<string> {
  const outfile = inRoot('out', 'vscode-suite', 'suite.mjs');
  await build({
    stdin: {
      // Loaded one after the other, so that each test is known by its file.
      contents: ["import { spec } from './spec.ts';", ...files.map((name) => `spec.inFile('${name}');\nawait import('./${name}');`), "export { run } from './index.ts';"].join('\n'),
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
