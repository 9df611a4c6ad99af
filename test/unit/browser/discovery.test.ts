import { describe, expect, it } from 'vitest';
import { findBrowser, findWindowedBrowser, type Machine } from '../../../src/browser/discovery.ts';
import { installCommand, kindOf } from '../../../src/browser/browser-places.ts';
import { AssassinError } from '../../../src/shared/errors.ts';

function machine(platform: NodeJS.Platform, executables: readonly string[], rest: Partial<Machine> & { readonly files?: Readonly<Record<string, string>>; readonly links?: Readonly<Record<string, string>> } = {}): Machine {
  const { files = {}, links = {}, ...overrides } = rest;
  return {
    platform, env: {}, root: false,
    isExecutable: (path) => executables.includes(path),
    exists: (path) => executables.includes(path) || path in files,
    realPath: (path) => links[path] ?? path,
    head: (path) => files[path] ?? '',
    ...overrides,
  };
}

function failure(work: () => unknown): AssassinError {
  try {
    work();
  } catch (error) {
    if (AssassinError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('finding a browser', () => {
  it('prefers the setting to the environment variable, and that to everything installed', () => {
    const all = machine('linux', ['/a/chrome', '/b/msedge', '/usr/lib/chromium/chromium'], { env: { ASSASSIN_BROWSER: '/b/msedge' } });
    expect(findBrowser('/a/chrome', all)).toEqual({ path: '/a/chrome', kind: 'chrome', from: 'the setting infrastructureAssassin.browser.path' });
    expect(findBrowser(undefined, all)).toEqual({ path: '/b/msedge', kind: 'edge', from: 'the environment variable ASSASSIN_BROWSER' });
  });

  it('fails where a named browser is not there, instead of taking another one', () => {
    const other = machine('linux', ['/usr/lib/chromium/chromium'], { env: { ASSASSIN_BROWSER: '/gone' } });
    expect(failure(() => findBrowser('/missing', other))).toMatchObject({ code: 'browser-not-found', message: 'No browser at /missing, which the setting infrastructureAssassin.browser.path names.', data: { path: '/missing' } });
    expect(failure(() => findBrowser(undefined, other))).toMatchObject({ code: 'browser-not-found', hint: expect.stringContaining('ASSASSIN_BROWSER') });
  });

  it('takes the headless shell first on Linux, and the program itself rather than its start script', () => {
    const all = ['/usr/bin/chromium', '/usr/lib/chromium/chromium', '/usr/bin/chromium-headless-shell', '/usr/lib/chromium/chromium-headless-shell', '/opt/google/chrome/chrome'];
    const env = { PATH: '/usr/bin' };
    expect(findBrowser(undefined, machine('linux', all, { env }))).toMatchObject({ path: '/usr/lib/chromium/chromium-headless-shell', kind: 'headless-shell' });
    expect(findBrowser(undefined, machine('linux', ['/usr/bin/chromium', '/usr/bin/chromium-headless-shell'], { env }))).toEqual({ path: '/usr/bin/chromium-headless-shell', kind: 'headless-shell', from: 'PATH' });
    expect(findBrowser(undefined, machine('linux', ['/usr/bin/chromium', '/opt/google/chrome/chrome'], { env }))).toMatchObject({ kind: 'chrome' });
  });

  it('knows where browsers lie on macOS and Windows', () => {
    const mac = '/Users/ada/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge';
    expect(findBrowser(undefined, machine('darwin', [mac], { env: { HOME: '/Users/ada' } }))).toEqual({ path: mac, kind: 'edge', from: 'its standard place' });
    const windows = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe';
    expect(findBrowser(undefined, machine('win32', [windows], { env: { PROGRAMFILES: 'C:\\Program Files', 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' } }))).toMatchObject({ path: windows, kind: 'edge' });
    expect(findBrowser(undefined, machine('win32', ['D:\\tools\\chrome.exe'], { env: { Path: 'C:\\x;D:\\tools' } }))).toMatchObject({ path: 'D:\\tools\\chrome.exe', from: 'PATH' });
  });

  it('passes the headless shell over where a window is wanted, also where it is the one that was named or downloaded', () => {
    const shell = '/usr/lib/chromium/chromium-headless-shell';
    const all = machine('linux', [shell, '/usr/lib/chromium/chromium'], { env: { ASSASSIN_BROWSER: shell } });
    expect(findWindowedBrowser(shell, all)).toMatchObject({ path: '/usr/lib/chromium/chromium', kind: 'chromium' });
    expect(findWindowedBrowser('/usr/lib/chromium/chromium', all)).toMatchObject({ from: expect.stringContaining('browser.path') });
    expect(failure(() => findWindowedBrowser(undefined, machine('linux', [shell])))).toMatchObject({ code: 'browser-not-found' });
    const downloaded = { browser: 'chrome-headless-shell', version: '1', platform: 'linux', executable: 'x', from: 'x', sha256: 'x', bytes: 1, at: 1, folder: '/d', path: shell } as const;
    expect(findWindowedBrowser(undefined, all, [downloaded])).toMatchObject({ kind: 'chromium' });
  });

  it('never takes a program from a relative folder of PATH', () => {
    expect(failure(() => findBrowser(undefined, machine('linux', ['chromium', './chromium', 'bin/chromium'], { env: { PATH: '.:bin:' } })))).toMatchObject({ code: 'browser-not-found' });
  });

  it('passes over a snap, which cannot use a throwaway profile, and says so', () => {
    const links = { '/snap/bin/chromium': '/usr/bin/snap' };
    const files = { '/usr/bin/chromium-browser': '#!/bin/sh\nexec /snap/bin/chromium "$@"\n' };
    const snapped = machine('linux', ['/snap/bin/chromium', '/usr/bin/chromium-browser'], { env: { PATH: '/usr/bin:/snap/bin' }, links, files });
    expect(failure(() => findBrowser(undefined, snapped))).toMatchObject({ message: expect.stringContaining('/snap/bin/chromium is a snap'), data: { confined: ['/snap/bin/chromium', '/usr/bin/chromium-browser'] } });
    expect(findBrowser(undefined, machine('linux', ['/usr/bin/chromium-browser'], { env: { PATH: '/usr/bin' } }))).toMatchObject({ kind: 'chromium' });
  });

  it('says what was looked at and the exact command that installs one', () => {
    const error = failure(() => findBrowser(undefined, machine('linux', ['/usr/bin/apt-get'], { env: { PATH: '/usr/bin' }, files: { '/etc/os-release': 'ID=debian\n' } })));
    expect(error.hint).toContain('"sudo apt-get install -y chromium chromium-headless-shell"');
    expect(error.data?.['looked']).toContain('/usr/bin/google-chrome');
    expect(error.data?.['looked']).toContain('/opt/microsoft/msedge/msedge');
  });
});

describe('the command that installs a browser', () => {
  const on = (platform: NodeJS.Platform, programs: readonly string[] = [], osRelease = '', root = false) => installCommand({ platform, root, exists: (path) => programs.includes(path), osRelease });

  it('fits the platform, the package manager and the rights', () => {
    expect(on('darwin')).toBe('brew install --cask google-chrome');
    expect(on('win32')).toBe('winget install --exact --id Google.Chrome');
    expect(on('linux', ['/usr/bin/dnf'])).toBe('sudo dnf install -y chromium-headless');
    expect(on('linux', ['/usr/bin/apt-get'], 'ID=debian\n', true)).toBe('apt-get install -y chromium chromium-headless-shell');
    expect(on('linux', ['/usr/bin/apt-get'], 'NAME="Ubuntu"\nID=ubuntu\n')).toMatch(/google-chrome-stable_current_amd64\.deb && sudo apt-get install/);
    expect(on('linux')).toBeUndefined();
  });
});

describe('the kind of a browser', () => {
  it.each([['/usr/bin/chromium-headless-shell', 'headless-shell'], ['/x/headless_shell', 'headless-shell'], ['C:\\x\\msedge.exe', 'edge'], ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', 'chrome'], ['/chrome/bin/brave', 'other'], ['/usr/bin/chromium', 'chromium']])('%s is %s', (path, kind) => {
    expect(kindOf(path)).toBe(kind);
  });
});
