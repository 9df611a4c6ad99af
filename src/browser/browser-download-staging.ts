import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Destruction, Leasable } from '../run/lease.ts';
import { removeTemporaryFolder } from '../run/temp-dir.ts';
import { AssassinError, describeError } from '../shared/errors.ts';
import type { DownloadOffer } from './browser-download-plan.ts';
import { broken } from './browser-download-fetch.ts';
import { recordFile, type DownloadRecord } from './browser-downloads.ts';
import { browserVersion } from './discovery.ts';

/** The folder in which a download becomes a browser. Gone with the run, whatever is in it. */
export class Staging implements Leasable {
  readonly #path: string;
  #unpacking: Promise<unknown> = Promise.resolve();

  static async make(path: string): Promise<Staging> {
    await mkdir(path, { mode: 0o700 });
    return new Staging(path);
  }

  private constructor(path: string) {
    this.#path = path;
  }

  /** Where the library that unpacks looks for what was fetched already. */
  async archive({ browser, version, url }: Omit<DownloadOffer, 'bytes'>): Promise<string> {
    const folder = join(this.#path, browser);
    await mkdir(folder, { mode: 0o700 });
    return join(folder, `${version}-${url.pathname.slice(url.pathname.lastIndexOf('/') + 1)}`);
  }

  /** Gives the path of the program in its folder, with forward slashes. Throws `browser-failed` where that is no browser of this version. */
  async unpack({ browser, version, platform, url }: Omit<DownloadOffer, 'bytes'>, signal: AbortSignal): Promise<string> {
    const library = await import('@puppeteer/browsers');
    const kind = browser === 'chrome' ? library.Browser.CHROME : library.Browser.CHROMEHEADLESSSHELL;
    const where = Object.values(library.BrowserPlatform).find((known) => known === platform);
    const unpacking = library.install({ cacheDir: this.#path, browser: kind, buildId: version, baseUrl: `${url.origin}/unused`, ...(where === undefined ? {} : { platform: where }) });
    this.#unpacking = unpacking.catch(() => undefined);
    const installed = await unpacking.catch((error: unknown) => {
      throw broken(url, `could not be unpacked: ${describeError(error)}`, error);
    });
    signal.throwIfAborted();
    const program = installed.executablePath;
    if (!(await stat(program).catch(() => undefined))?.isFile()) throw broken(url, `holds no ${browser}`);
    const says = await browserVersion(program);
    if (process.platform !== 'win32' && says?.includes(version) !== true) {
      throw says === undefined
        ? new AssassinError('browser-failed', `${browser} ${version} was fetched, but does not start on this machine.`, { hint: 'Libraries of the system may be missing. Install a browser as a package of the system, which brings them.' })
        : broken(url, `holds "${says}" and not version ${version}`);
    }
    return relative(installed.path, program).split(sep).join('/');
  }

  async moveTo(folder: string, record: DownloadRecord): Promise<void> {
    const from = join(this.#path, record.browser, `${record.platform}-${record.version}`);
    await writeFile(join(from, recordFile), JSON.stringify(record), { mode: 0o600 });
    await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
    // One without a record is what a broken copy left: it was never offered to a run.
    await rm(folder, { recursive: true, force: true });
    await rename(from, folder);
  }

  async destroy(): Promise<Destruction> {
    // What is still being unpacked would make new files in a folder that is being removed.
    await this.#unpacking;
    const gone = await removeTemporaryFolder(this.#path);
    return { verified: gone, how: gone ? `${this.#path} does not exist` : `${this.#path} could not be removed` };
  }
}
