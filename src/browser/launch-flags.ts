import { join } from 'node:path';
import type { FoundBrowser } from './discovery.ts';
import type { Screen } from './screen.ts';

export interface LaunchPlan {
  readonly browser: FoundBrowser;
  /** The throwaway folder: profile, home and temporary files of the browser, all of which go with it. */
  readonly folder: string;
  readonly lease: string;
  /** Absent where each context has a proxy of its own. */
  readonly proxyPort?: number;
  readonly platform: NodeJS.Platform;
  /** Root on Linux: Chromium's own sandbox refuses to work there. */
  readonly root: boolean;
  /** Where a person sees its windows; without it there are none. */
  readonly screen?: Screen;
  /** Flags that are left out, by name. Only to show that the self-test for leaks notices. */
  readonly without?: readonly string[];
}

/** Each closes a way past the proxy; together they hold against a page that tries every way out. */
function egressFlags(proxyPort: number | undefined): readonly string[] {
  return [
    // Without a proxy of its own a context must reach nothing: this name does not exist, and the browser may resolve none.
    `--proxy-server=http://${proxyPort === undefined ? 'nowhere.invalid:1' : `127.0.0.1:${proxyPort}`}`,
    // Chromium by itself bypasses any proxy for localhost, 127/8 and 169.254/16, which are the addresses that matter most.
    '--proxy-bypass-list=<-loopback>',
    // The proxy resolves names; a browser that resolves none cannot leak any.
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    // Chrome and Chromium obey the first of these only, the headless shell the second only.
    '--webrtc-ip-handling-policy=disable_non_proxied_udp',
    '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
    '--disable-quic',
    '--dns-prefetch-disable',
    '--no-pings',
  ];
}

/** What a browser does by itself and nobody asked for: updates, sync, reports, translations, first-run pages. */
const quietFlags: readonly string[] = [
  '--disable-background-networking', '--disable-breakpad', '--disable-client-side-phishing-detection', '--disable-component-update', '--disable-crash-reporter',
  '--disable-default-apps', '--disable-domain-reliability', '--disable-extensions', '--disable-component-extensions-with-background-pages', '--disable-field-trial-config',
  '--disable-infobars', '--disable-search-engine-choice-screen', '--disable-sync', '--metrics-recording-only', '--no-default-browser-check', '--no-first-run',
  '--no-service-autorun', '--password-store=basic', '--use-mock-keychain',
];

/** So that a page behaves the same whether somebody looks at it or not. */
const steadyFlags: readonly string[] = [
  '--allow-pre-commit-input',
  // A dialog that opens while the next document of the same site is about to be shown could be answered by nobody: the page hung for good, and closing it
  // ended the whole browser. Documents that take each other's place in one frame (see RenderDocument below) are free of that.
  '--disable-back-forward-cache',
  '--disable-background-timer-throttling', '--disable-backgrounding-occluded-windows', '--disable-hang-monitor', '--disable-prompt-on-repost',
  '--disable-renderer-backgrounding', '--enable-automation', '--force-color-profile=srgb',
];

const unseenFlags: readonly string[] = ['--hide-scrollbars', '--mute-audio'];

const disabledFeatures: readonly string[] = [
  'Translate', 'MediaRouter', 'OptimizationHints', 'OptimizationGuideModelDownloading', 'NetworkTimeServiceQuerying', 'AutofillServerCommunication',
  // Would turn each granted http:// address into an attempt at https:// first, which is another grant.
  'HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable',
  // Both make a browser that is driven over its protocol lose frames (Chromium issues 1492053 and 1348106).
  'AcceptCHFrame', 'ProcessPerSiteUpToMainFrameThreshold', 'IsolateSandboxedIframes',
  // See --disable-back-forward-cache.
  'RenderDocument',
];

export function launchFlags({ browser, folder, lease, proxyPort, platform, root, screen, without = [] }: LaunchPlan): readonly string[] {
  const flags = [
    // The shell keeps its whole profile in memory then: some fifty files fewer to write, and to remove a moment later. Others open a second profile.
    ...(screen !== undefined ? [...screen.flags, '--window-size=1280,900'] : browser.kind === 'headless-shell' ? ['--headless', '--incognito'] : ['--headless=new']),
    '--remote-debugging-pipe',
    `--user-data-dir=${join(folder, 'profile')}`,
    `--ia-lease=${lease}`,
    ...egressFlags(proxyPort),
    '--deny-permission-prompts',
    // Shared memory in our folder instead of /dev/shm, which is 64 MiB in many containers.
    ...(platform === 'linux' ? ['--disable-dev-shm-usage'] : []),
    ...(root ? ['--no-sandbox'] : []),
    ...quietFlags,
    ...steadyFlags,
    ...(screen === undefined ? unseenFlags : []),
    `--disable-features=${disabledFeatures.join(',')}`,
    'about:blank',
  ];
  return without.length === 0 ? flags : flags.filter((flag) => !without.includes(flag.split('=', 1)[0]!));
}

type Environment = Readonly<Record<string, string | undefined>>;

const passedOn: Readonly<Record<'posix' | 'win32', readonly string[]>> = {
  posix: ['PATH', 'LANG', 'LANGUAGE', 'LC_ALL', 'LC_CTYPE', 'TZ', 'USER', 'LOGNAME', 'FONTCONFIG_FILE', 'FONTCONFIG_PATH', '__CF_USER_TEXT_ENCODING'],
  win32: ['PATH', 'PATHEXT', 'SystemRoot', 'SystemDrive', 'windir', 'ComSpec', 'OS', 'PROCESSOR_ARCHITECTURE', 'NUMBER_OF_PROCESSORS', 'ProgramData', 'ProgramFiles', 'ProgramFiles(x86)', 'APPDATA', 'LOCALAPPDATA', 'USERPROFILE', 'USERNAME'],
};

/** Unix sockets have short names there: Chromium adds about 41 characters to its temporary folder and then fails to start. */
const macSocketPathLimit = 103 - 41;

/**
 * The browser's environment: an allow-list, so that no token of the person's reaches a process that shows strange pages; and
 * home and temporary folders inside `folder`, so that fonts caches, certificates and socket folders go with it.
 */
export function launchEnvironment(folder: string, env: Environment, platform: NodeJS.Platform): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name of passedOn[platform === 'win32' ? 'win32' : 'posix']) {
    const value = env[name];
    if (value !== undefined) result[name] = value;
  }
  const temporary = join(folder, 'tmp');
  switch (platform) {
    case 'win32':
      return { ...result, TEMP: temporary, TMP: temporary };
    case 'darwin':
      return { ...result, ...(env['HOME'] === undefined ? {} : { HOME: env['HOME'] }), ...(`${folder}/`.length <= macSocketPathLimit ? { MAC_CHROMIUM_TMPDIR: folder } : {}) };
    default:
      // Without an address libdbus may start a bus daemon of its own, which would outlive the browser.
      return { ...result, HOME: join(folder, 'home'), TMPDIR: temporary, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/dev/null' };
  }
}
