import type { Json } from '../shared/json.ts';
import type { ExtractPlan, FieldPlan } from './extract-shape.ts';

/** Reads a document along a plan, inside the page (see page-scripts.ts for what that means). `maxRows` counts over all lists together. */
export function extract(plan: ExtractPlan, maxRows: number): { readonly value: Json; readonly truncated: boolean } {
  let rows = 0;
  let truncated = false;
  const room = () => rows++ < maxRows || !(truncated = true);
  const all = (root: Element, selector: string) => [...(selector === ':scope' ? [root] : root.querySelectorAll(selector))];
  const read = (element: Element | undefined, attr: string | null): string | null => {
    if (element === undefined) return null;
    if (attr === null) return ((element instanceof HTMLElement ? element.innerText : element.textContent) ?? '').replace(/\s+/g, ' ').trim().slice(0, 20_000);
    const value = attr === 'href' || attr === 'src' || attr === 'value' ? Reflect.get(element, attr) as unknown : undefined;
    return (typeof value === 'string' ? value : element.getAttribute(attr))?.slice(0, 20_000) ?? null;
  };
  const inferRows = (root: Element, { selector }: FieldPlan): Element[] => {
    const matches = all(root, selector);
    return matches.map((match) => {
      let row = match;
      // Children of a match that match themselves do not end the climb: only a match beside it does.
      while (row !== root && row.parentElement && matches.every((other) => other === match || match.contains(other) || !row.parentElement!.contains(other))) row = row.parentElement;
      return row;
    });
  };
  const walk = (root: Element, plan: ExtractPlan): Json => {
    switch (plan.kind) {
      case 'field':
        return read(all(root, plan.selector)[0], plan.attr);
      case 'fields':
        return all(root, plan.field.selector).filter(room).map((element) => read(element, plan.field.attr));
      case 'object':
        return record(root, plan.of);
      case 'rows': {
        const found = plan.each === null ? inferRows(root, Object.values(plan.of)[0] as FieldPlan) : all(root, plan.each);
        return found.filter(room).map((row) => record(row, plan.of));
      }
    }
  };
  const record = (root: Element, of: { readonly [key: string]: ExtractPlan }): Json => Object.fromEntries(Object.entries(of).map(([key, plan]) => [key, walk(root, plan)]));
  return { value: walk(document.documentElement, plan), truncated };
}
