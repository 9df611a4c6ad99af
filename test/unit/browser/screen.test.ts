import { expect, test } from 'vitest';
import { findScreen } from '../../../src/browser/screen.ts';

const on = (platform: NodeJS.Platform, env: Readonly<Record<string, string>>, files: readonly string[] = []) => () => findScreen({ platform, env, exists: (path) => files.includes(path) });

test('a window is shown on the X display of Linux, with its key, else on its Wayland display', () => {
  expect(on('linux', { DISPLAY: ':0', HOME: '/home/ada', WAYLAND_DISPLAY: 'wayland-0', XDG_RUNTIME_DIR: '/run/user/1' }, ['/home/ada/.Xauthority'])()).toEqual({ env: { DISPLAY: ':0', XAUTHORITY: '/home/ada/.Xauthority' }, flags: ['--ozone-platform=x11'] });
  expect(on('linux', { DISPLAY: ':99', HOME: '/root' })()).toEqual({ env: { DISPLAY: ':99' }, flags: ['--ozone-platform=x11'] });
  expect(on('linux', { WAYLAND_DISPLAY: 'wayland-0', XDG_RUNTIME_DIR: '/run/user/1' })()).toEqual({ env: { WAYLAND_DISPLAY: 'wayland-0', XDG_RUNTIME_DIR: '/run/user/1' }, flags: ['--ozone-platform=wayland'] });
  expect(on('darwin', {})()).toEqual({ env: {}, flags: [] });
  expect(on('win32', {})()).toEqual({ env: {}, flags: [] });
});

test('where there is no screen that is said, with what can be done instead', () => {
  expect(on('linux', {})).toThrow(expect.objectContaining({ code: 'not-supported', hint: expect.stringContaining('Xvfb') as string }));
  expect(on('linux', { DISPLAY: '', WAYLAND_DISPLAY: 'wayland-0' })).toThrow(expect.objectContaining({ code: 'not-supported' }));
});
