import { readFile } from 'node:fs/promises';

const named = /import \{ z(?: as (\w+))? \} from "zod\/v4"/g;

/**
 * The AI SDK imports `{ z }`, an object that keeps all of zod with its fifty languages: 360 KB, and not only for models, because all chunks
 * share one zod. The same import as a namespace keeps what is used.
 * @returns {import('esbuild').Plugin}
 */
export function zodNamespacePlugin() {
  return {
    name: 'import-zod-as-a-namespace',
    setup(build) {
      build.onLoad({ filter: /[\\/]@ai-sdk[\\/][^\\/]+[\\/]dist[\\/].*\.js$/ }, async ({ path }) => {
        const contents = (await readFile(path, 'utf8')).replace(named, (_, name = 'z') => `import * as ${name} from "zod/v4"`);
        const missed = /import \{[^}]*\bz\b[^}]*\} from ["']zod/.test(contents);
        return { contents, loader: 'js', ...(missed ? { warnings: [{ text: `${path} imports zod in a way that zod-namespace.mjs does not know; the bundle grows by 360 KB.` }] } : {}) };
      });
    },
  };
}
