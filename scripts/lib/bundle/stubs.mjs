import { dirname, join } from 'node:path';
import { inRoot } from '../paths.mjs';

/**
 * puppeteer-core drags in a browser downloader (with yargs, proxy agents and archive readers) and WebDriver BiDi. The product finds the
 * person's own browser and speaks CDP, so these parts are replaced: 2.1 MB of bundle become about 0.7 MB.
 */
const browsersLib = join(inRoot('node_modules'), '@puppeteer', 'browsers', 'lib');

/** @param {string} file */
const browsersFile = (file) => JSON.stringify(join(browsersLib, file));

const notBundled = (/** @type {string} */ what) => `() => { throw new Error(${JSON.stringify(`${what} is not part of this build.`)}); }`;

/** @type {Record<string, () => string>} */
const replacements = {
  '@puppeteer/browsers': () => `
    export { launch, computeExecutablePath, computeSystemExecutablePath, TimeoutError, CDP_WEBSOCKET_ENDPOINT_REGEX, WEBDRIVER_BIDI_WEBSOCKET_ENDPOINT_REGEX, Process } from ${browsersFile('launch.js')};
    export { detectBrowserPlatform } from ${browsersFile('detectPlatform.js')};
    export { Browser, BrowserPlatform, ChromeReleaseChannel, createProfile, resolveDefaultUserDataDir } from ${browsersFile('browser-data/browser-data.js')};
    export const getInstalledBrowsers = async () => [];
    export const resolveBuildId = ${notBundled('Resolving browser downloads')};
    export const uninstall = ${notBundled('Removing browser downloads')};
  `,
  // A browser that a person wants is fetched under the egress policy; the library only unpacks it.
  'httpUtil.js': () => `export const getJSON = ${notBundled('The network of this library')}; export const getText = getJSON; export const downloadFile = getJSON; export const headHttpRequest = getJSON;`,
  'CLI.js': () => `export const CLI = undefined; export const makeProgressCallback = undefined;`,
  'modern-tar/fs': () => `export const unpackTar = ${notBundled('Reading tar archives')};`,
  'bidi.js': () => 'export {};',
  'BidiConnector': () => `export const _connectToBiDiBrowser = async () => (${notBundled('WebDriver BiDi')})();`,
  'quickjs variant': () => `throw new Error('This variant of QuickJS is not part of this build.');`,
  'FirefoxLauncher': () => `export class FirefoxLauncher { constructor() { throw new Error('Firefox is not part of this build.'); } }`,
};

/**
 * Which replacement an import gets, if any. Paths are compared with forward slashes, as import specifiers have them.
 * @param {string} specifier
 * @param {string} importer
 */
export function stubFor(specifier, importer) {
  const from = importer.replaceAll('\\', '/');
  // Of its four variants the sandbox uses the synchronous release build only.
  if (/^@jitl\/quickjs-wasmfile-(?:debug|release-asyncify)/.test(specifier)) return 'quickjs variant';
  if (specifier === '@puppeteer/browsers' && from.includes('/puppeteer-core/')) return '@puppeteer/browsers';
  if (from.includes('/@puppeteer/browsers/lib/') && specifier.endsWith('/httpUtil.js')) return 'httpUtil.js';
  if (from.includes('/@puppeteer/browsers/lib/') && specifier === './CLI.js') return 'CLI.js';
  if (from.includes('/@puppeteer/browsers/lib/') && specifier === 'modern-tar/fs') return 'modern-tar/fs';
  if (!from.includes('/puppeteer-core/lib/')) return undefined;
  if (specifier === '../bidi/bidi.js') return 'bidi.js';
  if (specifier === '../bidi/BrowserConnector.js') return 'BidiConnector';
  if (specifier === './FirefoxLauncher.js') return 'FirefoxLauncher';
  return undefined;
}

/** @returns {import('esbuild').Plugin} */
export function stubPlugin() {
  return {
    name: 'leave-out-unused-library-parts',
    setup(build) {
      build.onResolve({ filter: /^(@puppeteer\/browsers|modern-tar\/fs|@jitl\/quickjs-wasmfile-.*|\.{1,2}\/.*(httpUtil|CLI|bidi|BrowserConnector|FirefoxLauncher)\.js)$/ }, ({ path, importer }) => {
        const name = stubFor(path, importer);
        return name === undefined ? undefined : { path: name, namespace: 'stub' };
      });
      build.onLoad({ filter: /.*/, namespace: 'stub' }, ({ path }) => ({ contents: replacements[path]?.() ?? '', loader: 'js', resolveDir: dirname(browsersLib) }));
    },
  };
}
