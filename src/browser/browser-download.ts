import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { netAction } from '../policy/action.ts';
import { egressFetch } from '../policy/egress-fetch.ts';
import type { RunScope } from '../run/run-scope.ts';
import { newTemporaryPath } from '../run/temp-dir.ts';
import { AssassinError } from '../shared/errors.ts';
import { fetchTo, sizeOf } from './browser-download-fetch.ts';
import { Staging } from './browser-download-staging.ts';
import { planDownload, type DownloadOffer, type DownloadRequest } from './browser-download-plan.ts';
import type { DownloadedBrowser, DownloadRecord } from './browser-downloads.ts';

export interface DownloadSteps {
  /** Gives `false` where the person does not want it. */
  readonly confirm: (offer: DownloadOffer) => Promise<boolean>;
  readonly progress: (received: number, bytes: number | undefined) => void;
}

const connectMs = 30_000;

/**
 * Fetches, checks, unpacks and tries a browser, in a folder that goes with the run; only what is whole and starts takes its place under `root`.
 * Throws `egress-denied`, `cancelled` where the person declines, and `browser-failed` with what is wrong with what came.
 */
export async function downloadBrowser(scope: RunScope, request: DownloadRequest, root: string, { confirm, progress }: DownloadSteps): Promise<DownloadedBrowser> {
  const plan = await planDownload(request, root);
  await scope.gate.check(netAction(plan.url));
  using egress = egressFetch({ allows: (url) => scope.gate.allows(netAction(url)), reach: 'configured', connectMs, onTraffic: (received, sent) => scope.budget.spend('egressBytes', received + sent) });
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
