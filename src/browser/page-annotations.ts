/** In the page (see page-scripts.ts): a box with its reference over each element of the last snapshot that can be seen. */
export function annotate(): void {
  const kept = globalThis as typeof globalThis & { iaRefs?: { at: Map<number, WeakRef<Element>> }; iaMarks?: HTMLElement };
  kept.iaMarks?.remove();
  const layer = (kept.iaMarks = document.createElement('div'));
  // A closed root: the page's own style sheets do not reach in.
  const root = layer.attachShadow({ mode: 'closed' });
  layer.style.cssText = 'all:initial;position:absolute;left:0;top:0;width:0;height:0;z-index:2147483647;pointer-events:none';
  for (const [reference, weak] of kept.iaRefs?.at ?? []) {
    const element = weak.deref();
    if (!element?.isConnected || !element.checkVisibility({ visibilityProperty: true })) continue;
    const { x, y, width, height } = element.getBoundingClientRect();
    if (width < 1 || height < 1) continue;
    const box = document.createElement('div');
    box.style.cssText = `position:absolute;left:${x + scrollX}px;top:${y + scrollY}px;width:${width}px;height:${height}px;outline:2px solid #c0007a;box-sizing:border-box`;
    const label = document.createElement('span');
    label.textContent = `e${reference}`;
    label.style.cssText = 'position:absolute;left:0;top:0;background:#c0007a;color:#fff;font:bold 11px/13px monospace;padding:0 2px';
    box.append(label);
    root.append(box);
  }
  document.documentElement.append(layer);
}

export function clearAnnotations(): void {
  const kept = globalThis as typeof globalThis & { iaMarks?: HTMLElement };
  kept.iaMarks?.remove();
  delete kept.iaMarks;
}
