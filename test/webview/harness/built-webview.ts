import { build } from 'esbuild';
import { basename } from 'node:path';
import { webviewOptions } from '../../../scripts/lib/bundle/options.mjs';

export type Bundle = ReadonlyMap<string, Uint8Array>;

let bundle: Promise<Bundle> | undefined;

/** The page's files as they are shipped, made with the options of the product build from the sources as they are now. */
export function builtWebview(): Promise<Bundle> {
  return (bundle ??= build(webviewOptions(true)).then(({ outputFiles }) => new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]))));
}
