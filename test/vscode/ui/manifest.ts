import { readFile } from 'node:fs/promises';
import { inRoot } from '../../../scripts/lib/paths.mjs';

interface Manifest {
  readonly displayName: string;
  readonly publisher: string;
  readonly name: string;
  readonly contributes?: { readonly commands?: readonly { readonly title: string; readonly category?: string }[] };
}

/** The words that a person sees for our extension: read from the manifest, so that a test doesn't break when wording changes. */
export async function manifestWords(): Promise<{ readonly name: string; readonly id: string; readonly commands: readonly string[] }> {
  const words = JSON.parse(await readFile(inRoot('package.nls.json'), 'utf8')) as Record<string, string>;
  const manifest = JSON.parse(await readFile(inRoot('package.json'), 'utf8')) as Manifest;
  const localised = (text: string) => text.replace(/^%(.*)%$/, (_, key: string) => words[key] ?? key);
  const commands = (manifest.contributes?.commands ?? []).map(({ category = '', title }) => `${localised(category)}: ${localised(title)}`);
  return { name: localised(manifest.displayName), id: `${manifest.publisher}.${manifest.name}`, commands };
}
