import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { netAction } from '../../policy/action.ts';
import type { Fetch } from '../../policy/egress-fetch.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { newTemporaryPath } from '../../run/temp-dir.ts';
import { formatBytes } from '../../shared/bytes.ts';
import { AssassinError, describeError } from '../../shared/errors.ts';
import type { InstallPlan } from '../catalog/install-plan.ts';
import { BundleStaging, bundleFolder, sha256Of } from './bundle-folder.ts';
import { parseManifest } from './bundle-manifest.ts';
import { planBundle } from './bundle-plan.ts';
import { broken, maxArchiveBytes, unpackBundle } from './unpack-bundle.ts';

/** A file of the person's, or one that a registry names with what it has to hash to. */
export type BundleSource = { readonly file: string } | { readonly url: URL; readonly sha256: string };

export interface AddBundleOptions {
  readonly source: BundleSource;
  readonly fetch: Fetch;
  /** Below which bundles lie. */
  readonly root: string;
  readonly given: Readonly<Record<string, readonly string[]>>;
  /** Shows the plan; `false` where the person does not want it. Nothing of the bundle has run by then. */
  readonly confirm: (plan: InstallPlan) => Promise<boolean>;
}

/** Fetches or reads, checks and unpacks a bundle; it takes its place only when the person has agreed to its whole command. Throws `cancelled`, `invalid-input`, `invalid-config`, `file-not-found`, `egress-denied`. */
export async function addBundle(scope: RunScope, { source, fetch, root, given, confirm }: AddBundleOptions): Promise<InstallPlan> {
  const archive = 'file' in source ? await read(source.file) : await download(scope, source, fetch);
  const sha256 = sha256Of(archive);
  if ('sha256' in source && sha256 !== source.sha256.toLowerCase()) throw new AssassinError('invalid-input', `The file at ${source.url.href} is not what its registry names: its SHA-256 is ${sha256}.`, { hint: 'Nothing was kept. Tell the publisher, and do not use the file.', data: { expected: source.sha256, sha256 } });
  const path = join(root, basename(newTemporaryPath('b')));
  await using staging = await scope.lease({ kind: 'temp-dir', label: 'Bundle that is unpacked', identity: { path } }, () => BundleStaging.make(path));
  const manifest = parseManifest(await unpackBundle(archive, path, scope.signal));
  const folder = bundleFolder(root, manifest, sha256);
  const planned = planBundle({ manifest, folder, files: path, platform: process.platform, given });
  const plan = { ...planned, notes: [...planned.notes, 'url' in source ? `Its file has the SHA-256 that its registry names: ${sha256}` : `SHA-256 of its file: ${sha256}`] };
  if (!(await scope.waits.during(() => confirm(plan)))) throw new AssassinError('cancelled', 'The bundle was declined. Nothing of it was kept.');
  await staging.resource.moveTo(folder);
  return plan;
}

async function read(file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > maxArchiveBytes) throw broken(`is larger than ${formatBytes(maxArchiveBytes)}`);
    return await readFile(file);
  } catch (cause) {
    if (AssassinError.isInstance(cause)) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new AssassinError('file-not-found', missing ? `There is no ${file}.` : `${file} could not be read: ${describeError(cause)}`, { hint: 'Name a .mcpb file that you may read.', cause });
  }
}

async function download(scope: RunScope, { url }: Extract<BundleSource, { url: URL }>, fetch: Fetch): Promise<Buffer> {
  await scope.gate.check(netAction(url));
  let archive: Buffer | undefined;
  await scope.step({ kind: 'run', name: `Fetch ${url.href}` }, async () => {
    const response = await fetch(url, { signal: scope.signal });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new AssassinError('invalid-output', `${url.href} answered ${response.status}.`, { hint: 'Try again later, or tell the publisher.' });
    }
    archive = Buffer.from(await response.arrayBuffer());
    return { bytes: archive.length };
  });
  return archive!;
}
