/** The short texts by which a page says what it is and what has happened: headings and messages that can be seen. Runs inside a page (see page-scripts.ts). */
export function saidOnPage(): readonly string[] {
  const found: string[] = [];
  for (const element of document.querySelectorAll('[role=alert],[role=status],output,[aria-live]:not([aria-live=off]),h1,h2,[role=heading],h3')) {
    if (found.length === 12) break;
    if (!(element instanceof HTMLElement) || !element.checkVisibility({ visibilityProperty: true })) continue;
    const text = element.innerText.trim();
    // A line break may be one of the layout: what is looked for later must stand there as it is.
    if (text !== '' && text.length <= 80 && !text.includes('\n') && !found.includes(text)) found.push(text);
  }
  return found;
}
