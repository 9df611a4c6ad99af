import type { PanelPage } from '../../test/webview/harness/panel-page.ts';

/** A screen further in each frame, as fast as a wheel turns, and jumps as when the bar is dragged. */
const steps = 240;

/** Milliseconds between the frames while a list is scrolled through. */
export function scrollThrough({ page }: PanelPage, selector: string): Promise<readonly number[]> {
  return page.$eval(selector, (list, count) => new Promise<number[]>((resolve) => {
    const frames: number[] = [];
    let step = 0;
    let before = performance.now();
    const frame = (now: number) => {
      if (step > 0) frames.push(now - before);
      before = now;
      if (step === count) return resolve(frames);
      const jumps = step % 24 === 0;
      list.scrollTop = jumps ? (list.scrollHeight * step) / count : list.scrollTop + list.clientHeight;
      step += 1;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }), steps);
}

export function mostFrame(frames: readonly number[]): number {
  return Math.max(...frames);
}
