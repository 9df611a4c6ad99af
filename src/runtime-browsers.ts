import { join } from 'node:path';
import { downloadBrowser } from './browser/browser-download.ts';
import { planDownload, type DownloadOffer, type DownloadRequest } from './browser/browser-download-plan.ts';
import { listDownloads, removeDownloads, type DownloadedBrowser } from './browser/browser-downloads.ts';
import { BrowserFactory } from './browser/browser-factory.ts';
import { BrowserGuard } from './browser/browser-guard.ts';
import { defaultPool } from './browser/browser-pool.ts';
import type { Rule } from './policy/authorize.ts';
import { denyAll } from './policy/approver.ts';
import { parseGrants } from './policy/grant.ts';
import { HostLeases } from './run/host-leases.ts';
import type { RunHandle, RunManager } from './run/run-manager.ts';
import type { RuntimeOptions } from './runtime-options.ts';
import { formatBytes } from './shared/bytes.ts';
import type { HostIdentity } from './store/host-identity.ts';
import type { RunStore } from './store/run-store.ts';

export interface RuntimeBrowsersOptions {
  readonly options: RuntimeOptions;
  readonly store: RunStore;
  readonly host: HostIdentity;
  readonly runs: RunManager;
  readonly rules: readonly Rule[];
}

/** A download tells of itself so often at most: each time is a line on record. */
const tellEvery = 0.05;
const downloadBudget = { wallMs: 60 * 60_000, egressBytes: 1024 ** 3 };

/** The browsers of a runtime: where runs get them from, and those that the person has had downloaded. */
export class RuntimeBrowsers {
  readonly factory: BrowserFactory;
  readonly guard: BrowserGuard;
  readonly #options: RuntimeBrowsersOptions;

  constructor(options: RuntimeBrowsersOptions) {
    const { options: { settings, screen, log }, store, host } = options;
    this.#options = options;
    const leases = new HostLeases({ store, host, log });
    this.guard = new BrowserGuard({ leases, checks: store.browserChecks, log, ...(settings.allowBrowserLeaks === undefined ? {} : { allowLeaks: settings.allowBrowserLeaks }) });
    this.factory = new BrowserFactory({
      ...(settings.browserPath === undefined ? {} : { executablePath: settings.browserPath }),
      ...(settings.browserIsolation === undefined ? {} : { isolation: settings.browserIsolation }),
      pool: { ...defaultPool, ...settings.browserPool, leases }, guard: this.guard, downloads: this.#folder, log, ...(screen === undefined ? {} : { screen }),
    });
  }

  get #folder(): string {
    return join(this.#options.options.dataDirectory, 'browsers');
  }

  /** What was downloaded, the newest version of each kind first. */
  list(): readonly DownloadedBrowser[] {
    return listDownloads(this.#folder);
  }

  /** As `removeDownloads`. */
  remove(which: Parameters<typeof removeDownloads>[1]): readonly DownloadedBrowser[] {
    try {
      return removeDownloads(this.#folder, which);
    } finally {
      this.factory.forget();
    }
  }

  /**
   * Starts the download of a browser as a run of its own, granted the one host that it comes from: the person's own wish is that grant, and rules that deny
   * the host hold all the same. `confirm` is asked with the size before anything is fetched. Throws `invalid-input` and `not-supported`.
   */
  async download(request: DownloadRequest, confirm: (offer: DownloadOffer) => Promise<boolean>): Promise<RunHandle> {
    const { options: { workspace, settings }, runs, rules } = this.#options;
    const mirrored = request.mirror ?? settings.browserMirror;
    const wanted = { ...request, ...(mirrored === undefined ? {} : { mirror: mirrored }) };
    const { url, browser, version } = await planDownload(wanted, this.#folder);
    const title = `Download ${browser} ${version}`;
    return runs.start({
      kind: 'function', title, source: 'browser install', workspace, input: { browser, version, url: url.href }, grants: parseGrants([`net ${url.origin}`], workspace), rules, approver: denyAll, budget: downloadBudget,
    }, async (scope) => {
      const there = this.list().find((one) => one.browser === browser && one.version === version);
      if (there) return { ...there, already: true };
      let told = 0;
      const progress = (received: number, bytes: number | undefined) => {
        const fraction = bytes === undefined ? undefined : received / bytes;
        if ((fraction ?? received / downloadBudget.egressBytes) - told < tellEvery && fraction !== 1) return;
        told = fraction ?? received / downloadBudget.egressBytes;
        scope.progress(`${formatBytes(received)}${bytes === undefined ? '' : ` of ${formatBytes(bytes)}`}`, fraction);
      };
      const downloaded = await downloadBrowser(scope, wanted, this.#folder, { confirm, progress });
      this.factory.forget();
      return { ...downloaded, already: false };
    });
  }
}
