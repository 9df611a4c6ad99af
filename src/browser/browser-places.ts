export type BrowserKind = 'headless-shell' | 'chrome' | 'edge' | 'chromium' | 'other';

/** Where one kind of browser lies on one platform. */
export interface BrowserPlaces {
  readonly kind: BrowserKind;
  /** Absolute, looked at first. On Linux these are the programs themselves: a distribution's start script may add flags that load extensions. */
  readonly places: readonly string[];
  /** Looked for in every absolute folder of PATH. */
  readonly names: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The headless shell comes first: launched, used and closed it takes 0.4 times the time and 0.6 times the memory of a full browser. */
const onLinux: readonly BrowserPlaces[] = [
  {
    kind: 'headless-shell',
    places: ['/usr/lib/chromium/chromium-headless-shell', '/usr/lib64/chromium-browser/headless_shell'],
    names: ['chrome-headless-shell', 'chromium-headless-shell', 'headless_shell', 'headless-shell'],
  },
  { kind: 'chrome', places: ['/opt/google/chrome/chrome'], names: ['google-chrome-stable', 'google-chrome'] },
  {
    kind: 'chromium',
    places: ['/usr/lib/chromium/chromium', '/usr/lib64/chromium/chromium', '/usr/lib64/chromium-browser/chromium-browser'],
    names: ['chromium', 'chromium-browser'],
  },
  { kind: 'edge', places: ['/opt/microsoft/msedge/msedge'], names: ['microsoft-edge-stable', 'microsoft-edge'] },
];

function onMac(env: Environment): readonly BrowserPlaces[] {
  const folders = ['/Applications', ...(env['HOME'] ? [`${env['HOME']}/Applications`] : [])];
  const app = (name: string) => folders.map((folder) => `${folder}/${name}.app/Contents/MacOS/${name}`);
  return [
    { kind: 'headless-shell', places: [], names: ['chrome-headless-shell'] },
    { kind: 'chrome', places: app('Google Chrome'), names: [] },
    { kind: 'chromium', places: app('Chromium'), names: ['chromium'] },
    { kind: 'edge', places: app('Microsoft Edge'), names: [] },
  ];
}

function onWindows(env: Environment): readonly BrowserPlaces[] {
  const folders = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter((folder) => folder !== undefined);
  const program = (path: string) => folders.map((folder) => `${folder}\\${path}`);
  return [
    { kind: 'headless-shell', places: [], names: ['chrome-headless-shell.exe'] },
    { kind: 'chrome', places: program('Google\\Chrome\\Application\\chrome.exe'), names: ['chrome.exe'] },
    { kind: 'edge', places: program('Microsoft\\Edge\\Application\\msedge.exe'), names: ['msedge.exe'] },
    { kind: 'chromium', places: program('Chromium\\Application\\chrome.exe'), names: ['chromium.exe'] },
  ];
}

/** In order of preference. */
export function browserPlaces(platform: NodeJS.Platform, env: Environment): readonly BrowserPlaces[] {
  switch (platform) {
    case 'darwin':
      return onMac(env);
    case 'win32':
      return onWindows(env);
    default:
      return onLinux;
  }
}

export function kindOf(path: string): BrowserKind {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).toLowerCase();
  if (/headless[-_]shell/.test(name)) return 'headless-shell';
  if (/edge/.test(name)) return 'edge';
  if (/chromium/.test(name)) return 'chromium';
  if (/chrome/.test(name)) return 'chrome';
  return 'other';
}

interface PackageManager {
  readonly program: string;
  readonly command: string;
}

const packageManagers: readonly PackageManager[] = [
  { program: '/usr/bin/apt-get', command: 'apt-get install -y chromium chromium-headless-shell' },
  { program: '/usr/bin/dnf', command: 'dnf install -y chromium-headless' },
  { program: '/usr/bin/pacman', command: 'pacman -S --noconfirm chromium' },
  { program: '/usr/bin/zypper', command: 'zypper install -y chromium' },
  { program: '/sbin/apk', command: 'apk add chromium' },
];

/** Ubuntu's own package is a snap, which cannot use a profile folder outside its home. */
const onUbuntu = [
  'curl -fsSLO https://dl.google.com/linux/direct/google-chrome-stable_current_amd64.deb',
  'apt-get install -y ./google-chrome-stable_current_amd64.deb',
] as const;

/** The one command that installs a browser on this machine, `undefined` where none is known. */
export function installCommand(machine: { readonly platform: NodeJS.Platform; readonly root: boolean; readonly exists: (path: string) => boolean; readonly osRelease: string }): string | undefined {
  const { platform, root, exists, osRelease } = machine;
  if (platform === 'darwin') return 'brew install --cask google-chrome';
  if (platform === 'win32') return 'winget install --exact --id Google.Chrome';
  const sudo = root ? '' : 'sudo ';
  if (/^ID=ubuntu$/m.test(osRelease)) return `${onUbuntu[0]} && ${sudo}${onUbuntu[1]}`;
  const found = packageManagers.find(({ program }) => exists(program));
  return found && `${sudo}${found.command}`;
}
