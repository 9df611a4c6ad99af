import { join } from 'node:path';
import { AssassinError } from '../shared/errors.ts';
import type { Machine } from './discovery.ts';

/** What a browser needs to show windows where a person sees them. */
export interface Screen {
  readonly env: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
}

/** The screen of this computer. Throws `not-supported` where it has none. */
export function findScreen({ platform, env, exists }: Pick<Machine, 'platform' | 'env' | 'exists'>): Screen {
  if (platform === 'darwin' || platform === 'win32') return { env: {}, flags: [] };
  const { DISPLAY, XAUTHORITY, HOME, WAYLAND_DISPLAY, XDG_RUNTIME_DIR } = env;
  if (DISPLAY) {
    // Its home is a folder of ours, in which nobody has put the key of the display.
    const key = XAUTHORITY ?? (HOME === undefined ? undefined : join(HOME, '.Xauthority'));
    return { env: { DISPLAY, ...(key !== undefined && exists(key) ? { XAUTHORITY: key } : {}) }, flags: ['--ozone-platform=x11'] };
  }
  if (WAYLAND_DISPLAY && XDG_RUNTIME_DIR) return { env: { WAYLAND_DISPLAY, XDG_RUNTIME_DIR }, flags: ['--ozone-platform=wayland'] };
  throw new AssassinError('not-supported', 'There is no screen here on which a browser could show its window.', {
    hint: 'Do this on a computer with a desktop, in a remote desktop, or in a virtual screen such as Xvfb (DISPLAY names it). A chain can also be made of what a run or an agent did: "browser freeze RUN".',
  });
}
