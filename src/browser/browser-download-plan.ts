import { AssassinError } from '../shared/errors.ts';
import { folderOf, type DownloadKind } from './browser-downloads.ts';

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
