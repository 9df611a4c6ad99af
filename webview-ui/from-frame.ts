/**
 * True for a message of a frame inside the page, or of a frame inside of that: a stranger, whatever it says it is. All of them have an origin that is nobody's, also when they are gone
 * by now and have no window any more; the editor has that of the page. Which window the editor speaks from is not known here: it takes `parent` away from the page.
 */
export function isFromFrame({ origin }: MessageEvent): boolean {
  return origin === 'null';
}
