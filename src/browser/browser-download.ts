import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { netAction } from '../policy/action.ts';
import { egressFetch } from '../policy/egress-fetch.ts';
import type { RunScope } from '../run/run-scope.ts';
import { newTemporaryPath } from '../run/temp-dir.ts';
import { AssassinError } from '../shared/errors.ts';
import { fetchTo, sizeOf } from './browser-download-fetch.ts';
import { Staging } from './browser-download-staging.ts';
import { folderOf, type DownloadedBrowser, type DownloadKind, type DownloadRecord } from './browser-downloads.ts';

/** Google's own place for "Chrome for Testing", which puppeteer-core is tested with. */
export const defaultMirror = 'https://storage.googleapis.com/chrome-for-testing-public';

export interface DownloadRequest {
  readonly browser: DownloadKind;
  /** The one that puppeteer-core is tested with where absent. */
  readonly version?: string;
  /** Address under which the archives lie as Google serves them. */
  readonly mirror?: string;
  /** What the archive has to hash to, where the person knows. */
  readonly sha256?: string;
}

/** What a person is asked before anything of it is fetched. */
export interface DownloadOffer {
  readonly browser: DownloadKind;
  readonly version: string;
  readonly platform: string;
  readonly url: URL;
  readonly folder: string;
  /** `undefined` where the server does not say. */
  readonly bytes: number | undefined;
}

export interface DownloadSteps {
  /** Gives `false` where the person does not want it. */
  readonly confirm: (offer: DownloadOffer) => Promise<boolean>;
  readonly progress: (received: number, bytes: number | undefined) => void;
}

const connectMs = 30_000;

/** Which archive that is, without asking anybody. Throws `invalid-input`. */
export async function planDownload({ browser, version, mirror = defaultMirror }: DownloadRequest, root: string): Promise<Omit<DownloadOffer, 'bytes'>> {
  const [library, { PUPPETEER_REVISIONS }] = await Promise.all([import('@puppeteer/browsers'), import('puppeteer-core/internal/revisions.js')]);
  const platform = library.detectBrowserPlatform();
  if (platform === undefined) throw new AssassinError('not-supported', `There is no download for ${process.platform} on ${process.arch}.`, { hint: 'Install a browser as a package of the system.' });
  const wanted = version ?? PUPPETEER_REVISIONS[browser];
  if (!/^\d+(\.\d+){3}$/.test(wanted)) throw new AssassinError('invalid-input', `"${wanted}" is not a version.`, { hint: `Write four numbers, such as ${PUPPETEER_REVISIONS[browser]}.` });
  if (!URL.canParse(mirror) || !/^https?:$/.test(new URL(mirror).protocol)) throw new AssassinError('invalid-input', `"${mirror}" is not an address.`, { hint: `Write one such as ${defaultMirror}.` });
  const kind = browser === 'chrome' ? library.Browser.CHROME : library.Browser.CHROMEHEADLESSSHELL;
  return { browser, version: wanted, platform, url: library.getDownloadUrl(kind, platform, wanted, mirror.replace(/\/+$/, '')), folder: folderOf(root, { browser, platform, version: wanted }) };
}

/**
 * Fetches, checks, unpacks and tries a browser, in a folder that goes with the run; only what is whole and starts takes its place under `root`.
 * Throws `egress-denied`, `cancelled` where the person declines, and `browser-failed` with what is wrong with what came.
 */
export async function downloadBrowser(scope: RunScope, request: DownloadRequest, root: string, { confirm, progress }: DownloadSteps): Promise<DownloadedBrowser> {
  const plan = await planDownload(request, root);
  await scope.gate.check(netAction(plan.url));
  using egress = egressFetch({ allows: (url) => scope.gate.allows(netAction(url)), reach: 'configured', connectMs, onTraffic: (received, sent) => scope.budget.charge('egressBytes', received + sent) });
  const bytes = await sizeOf(plan.url, egress, scope.signal);
  if (!(await scope.waits.during(() => confirm({ ...plan, bytes })))) throw new AssassinError('cancelled', 'The download was declined. Nothing was fetched.');
  await mkdir(root, { recursive: true, mode: 0o700 });
  // Beside its later place, so that it can be moved there in one step.
  const path = join(root, basename(newTemporaryPath('d')));
  await using staging = await scope.lease({ kind: 'temp-dir', label: `Download of ${plan.browser} ${plan.version}`, identity: { path } }, () => Staging.make(path));
  const { signal } = scope;
  const fetched = await scope.step({ kind: 'run', name: `Fetch ${plan.url.href}` }, async () => {
    const archive = await staging.resource.archive(plan);
    const got = await fetchTo(archive, plan.url, egress, { signal, expected: request.sha256, progress: (received) => progress(received, bytes) });
    scope.meter('egress.bytes_in', got.bytes, 'measured', 'bytes of the body of the download');
    return got;
  });
  const executable = await scope.step({ kind: 'run', name: 'Unpack and try' }, () => staging.resource.unpack(plan, signal));
  signal.throwIfAborted();
  const { browser, version, platform, url, folder } = plan;
  const record: DownloadRecord = { browser, version, platform, executable, from: url.href, sha256: fetched.sha256, bytes: fetched.bytes, at: Date.now() };
  await staging.resource.moveTo(folder, record);
  return { ...record, folder, path: join(folder, ...executable.split('/')) };
}
