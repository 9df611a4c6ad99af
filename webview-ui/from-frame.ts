/**
 * True for a message of a frame inside the page, or of a frame inside of that: a stranger, whatever it says it is. The editor speaks as the window around the page. A frame that is gone
 * by now has no window any more, but its origin is still nobody's.
 */
export function isFromFrame({ source, origin }: MessageEvent): boolean {
  if (source === window || source === window.parent) return false;
  return source !== null || origin === 'null';
}
