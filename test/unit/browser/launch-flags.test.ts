import { describe, expect, it } from 'vitest';
import { launchEnvironment, launchFlags, type LaunchPlan } from '../../../src/browser/launch-flags.ts';

const plan: LaunchPlan = { browser: { path: '/x/chromium', kind: 'chromium', from: 'test' }, folder: '/tmp/ia-b-x', lease: 'l_1', proxyPort: 4711, platform: 'linux', root: false };

describe('the flags of a throwaway browser', () => {
  it('force every connection through the proxy of the run', () => {
    const flags = launchFlags(plan);
    for (const flag of [
      '--proxy-server=http://127.0.0.1:4711', '--proxy-bypass-list=<-loopback>', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', '--webrtc-ip-handling-policy=disable_non_proxied_udp',
      '--force-webrtc-ip-handling-policy=disable_non_proxied_udp', '--disable-quic', '--remote-debugging-pipe', '--ia-lease=l_1', '--user-data-dir=/tmp/ia-b-x/profile', '--deny-permission-prompts', '--disable-extensions',
    ]) expect(flags).toContain(flag);
    expect(flags.filter((flag) => flag.startsWith('--remote-debugging-port'))).toEqual([]);
  });

  it('show windows on a screen, and hold those as they hold the others', () => {
    const seen = launchFlags({ ...plan, screen: { env: {}, flags: ['--ozone-platform=x11'] } });
    expect(seen.filter((flag) => flag.startsWith('--headless') || flag === '--hide-scrollbars')).toEqual([]);
    expect(seen).toContain('--ozone-platform=x11');
    const unseen = new Set(['--headless=new', '--hide-scrollbars', '--mute-audio']);
    expect(launchFlags(plan).filter((flag) => !seen.includes(flag) && !unseen.has(flag))).toEqual([]);
  });

  it('give up Chromium\'s own sandbox only for root on Linux', () => {
    expect(launchFlags(plan)).not.toContain('--no-sandbox');
    expect(launchFlags({ ...plan, root: true })).toContain('--no-sandbox');
  });
});

describe('the environment of a throwaway browser', () => {
  const env = { PATH: '/bin', LANG: 'de_DE', GITHUB_TOKEN: 'secret', AWS_SECRET_ACCESS_KEY: 'secret', HTTPS_PROXY: 'http://x', HOME: '/home/ada', LD_PRELOAD: '/x.so', SSH_AUTH_SOCK: '/s' };

  it('holds no token and no proxy of the person\'s, and puts home and temporary files into the throwaway folder', () => {
    expect(launchEnvironment('/tmp/ia-b-x', env, 'linux')).toEqual({ PATH: '/bin', LANG: 'de_DE', HOME: '/tmp/ia-b-x/home', TMPDIR: '/tmp/ia-b-x/tmp', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/dev/null' });
  });

  it('moves temporary files on macOS only where the paths of sockets stay short enough', () => {
    expect(launchEnvironment('/tmp/ia-b-x', env, 'darwin')).toMatchObject({ MAC_CHROMIUM_TMPDIR: '/tmp/ia-b-x', HOME: '/home/ada' });
    expect(launchEnvironment(`/${'long/'.repeat(20)}ia-b-x`, env, 'darwin')).not.toHaveProperty('MAC_CHROMIUM_TMPDIR');
  });

  it('keeps on Windows what programs there cannot start without', () => {
    const result = launchEnvironment('C:\\t\\ia-b-x', { SystemRoot: 'C:\\Windows', PATH: 'C:\\x', NPM_TOKEN: 'secret' }, 'win32');
    expect(result).toMatchObject({ SystemRoot: 'C:\\Windows', PATH: 'C:\\x', TEMP: expect.stringContaining('ia-b-x'), TMP: expect.stringContaining('tmp') });
    expect(result).not.toHaveProperty('NPM_TOKEN');
  });
});
