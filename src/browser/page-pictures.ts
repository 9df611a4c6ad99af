import { AssassinError } from '../shared/errors.ts';
import { withElement } from './page-elements.ts';
import { inWindow } from './page-frames.ts';
import { annotate, clearAnnotations } from './page-annotations.ts';
import { pageBox, pageSize, readiness } from './page-scripts.ts';
import type { PageSession } from './page-session.ts';

/** Chromium's largest texture; beyond it a screenshot repeats itself. CSS pixels, each way. */
const maxScreenshotSide = 16_000;

export interface Screenshot {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface ScreenshotOptions {
  readonly fullPage: boolean;
  readonly selector?: string;
  /** Draws the references of the last snapshot beside their elements, in the main document. */
  readonly annotate?: boolean;
}

interface Box { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** PNG of what is visible, of the whole page (cut at 16,000 pixels each way) or of one element. Sizes in CSS pixels. */
export async function screenshot(session: PageSession, options: ScreenshotOptions): Promise<Screenshot> {
  const { fullPage, selector } = options;
  const size = await session.ask('its size', (world) => world.call(pageSize));
  const box = selector === undefined ? { x: 0, y: 0, width: size.width, height: size.height } : await boxOf(session, selector);
  if (box.width < 1 || box.height < 1) throw new AssassinError('page-failed', `"${selector ?? 'The page'}" on ${session.id} has no size that could be shown.`, { hint: 'Wait until it is visible.' });
  const clip = { ...box, width: Math.min(box.width, maxScreenshotSide), height: Math.min(box.height, maxScreenshotSide) };
  const whole = fullPage || selector !== undefined;
  if (options.annotate === true) await session.ask('its references', (world) => world.call(annotate));
  try {
    const png = await session.ask('its picture', () => session.page.screenshot({ type: 'png', captureBeyondViewport: whole, ...(whole ? { clip } : {}) }));
    return { png, width: Math.round(clip.width), height: Math.round(whole ? clip.height : size.viewHeight) };
  } finally {
    if (options.annotate === true) await session.ask('its references', (world) => world.call(clearAnnotations)).catch(() => undefined);
  }
}

/** In CSS pixels of the whole page. */
function boxOf(session: PageSession, selector: string): Promise<Box> {
  return withElement(session, selector, (found) => session.ask(selector, async () => {
    const { world, handle, frames } = found;
    if (frames.length === 0) return world.callOn(handle, pageBox);
    const at = await inWindow(session, found, await world.callOn(handle, readiness));
    const { width, height } = await world.callOn(handle, pageBox);
    const scrolled = await session.world.callIn(pageBox);
    const root = await session.world.call(() => ({ x: scrollX, y: scrollY }));
    return { x: Math.max(at.x - width / 2 + root.x, scrolled.x), y: Math.max(at.y - height / 2 + root.y, scrolled.y), width, height };
  }));
}

/** The page as it would be printed. */
export async function pdf(session: PageSession, { landscape, background, format }: { readonly landscape: boolean; readonly background: boolean; readonly format: 'a4' | 'letter' }): Promise<Uint8Array> {
  return session.ask('its PDF', () => session.page.pdf({ landscape, printBackground: background, format }), 60_000);
}
