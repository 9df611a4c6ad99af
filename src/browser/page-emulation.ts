import { AssassinError } from '../shared/errors.ts';
import type { PageSession } from './page-session.ts';

export interface Emulation {
  /** A device of puppeteer's list, such as `iPhone 15`. */
  readonly device?: string;
  readonly viewport?: { readonly width: number; readonly height: number; readonly deviceScaleFactor?: number; readonly isMobile?: boolean };
  /** BCP 47, such as `de-DE`: what `navigator.language`, dates and numbers say, and the header. */
  readonly locale?: string;
  /** IANA name, such as `Europe/Berlin`. */
  readonly timezone?: string;
  readonly colorScheme?: 'light' | 'dark';
  readonly reducedMotion?: boolean;
  readonly offline?: boolean;
  readonly media?: 'screen' | 'print';
}

/** Makes a page believe in other circumstances, until it is closed or told otherwise. What is left out stays as it is. Throws `invalid-input`. */
export async function emulate(session: PageSession, wanted: Emulation): Promise<void> {
  const { page, client } = session;
  await session.ask('emulation', async () => {
    if (wanted.device !== undefined) await page.emulate(await deviceNamed(wanted.device));
    if (wanted.viewport) await page.setViewport({ ...wanted.viewport });
    if (wanted.locale !== undefined) {
      await client.send('Emulation.setUserAgentOverride', { userAgent: await session.world.call(() => navigator.userAgent), acceptLanguage: wanted.locale });
      // Chromium refuses a second locale in one renderer unless the first is taken back.
      await client.send('Emulation.setLocaleOverride', {});
      await client.send('Emulation.setLocaleOverride', { locale: wanted.locale }).catch(refused('locale', wanted.locale));
    }
    if (wanted.timezone !== undefined) {
      // The same holds here, but a second one is ignored in silence, whatever it says.
      await page.emulateTimezone();
      await page.emulateTimezone(wanted.timezone).catch(refused('timezone', wanted.timezone));
    }
    const { media } = session;
    if (wanted.colorScheme !== undefined) media.set('prefers-color-scheme', wanted.colorScheme);
    if (wanted.reducedMotion !== undefined) media.set('prefers-reduced-motion', wanted.reducedMotion ? 'reduce' : 'no-preference');
    if (wanted.media !== undefined) media.set('media', wanted.media);
    const features = [...media].filter(([name]) => name !== 'media').map(([name, value]) => ({ name, value }));
    if (media.size > 0) await client.send('Emulation.setEmulatedMedia', { media: media.get('media') ?? '', features });
    if (wanted.offline !== undefined) await page.setOfflineMode(wanted.offline);
  });
}

async function deviceNamed(name: string) {
  const { KnownDevices } = await import('puppeteer-core/internal/common/Device.js');
  const known = Object.entries(KnownDevices).find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];
  if (known !== undefined) return known;
  const word = name.toLowerCase().split(/\s+/)[0] ?? '';
  const similar = Object.keys(KnownDevices).filter((each) => each.toLowerCase().includes(word)).slice(0, 8);
  throw new AssassinError('invalid-input', `There is no device "${name}".`, { hint: similar.length > 0 ? `There is ${similar.join(', ')}.` : 'Write for example "iPhone 15", "Pixel 5" or "iPad", or give a viewport.', data: { device: name } });
}

function refused(what: string, value: string): (error: unknown) => never {
  return (cause) => {
    throw new AssassinError('invalid-input', `The browser knows no ${what} "${value}".`, { hint: what === 'locale' ? 'Write for example "de-DE".' : 'Write for example "Europe/Berlin".', cause });
  };
}
