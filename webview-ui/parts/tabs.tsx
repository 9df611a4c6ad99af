import type { ComponentChildren, RefObject } from 'preact';
import { useRef } from 'preact/hooks';

export interface TabItem<Id extends string> {
  readonly id: Id;
  readonly label: string;
  /** Beside the label, for example how many rows there are. */
  readonly detail?: string;
}

export interface TabsProps<Id extends string> {
  readonly label: string;
  readonly items: readonly TabItem<Id>[];
  readonly selected: Id;
  readonly onSelect: (id: Id) => void;
}

/** The tab list of the WAI-ARIA pattern: one stop in the tab order, arrows move and select, Home and End jump. */
export function TabList<Id extends string>({ label, items, selected, onSelect }: TabsProps<Id>) {
  const list = useRef<HTMLDivElement>(null);
  const select = (index: number) => {
    const item = items.at(index % items.length);
    if (!item) return;
    onSelect(item.id);
    list.current?.querySelector<HTMLElement>(`#tab-${item.id}`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = items.findIndex(({ id }) => id === selected);
    const target = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (target === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    select(target);
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
      {items.map(({ id, label: text, detail }) => (
        <button
          type="button" role="tab" key={id} id={`tab-${id}`} class="tab" aria-selected={id === selected}
          {...(id === selected ? { 'aria-controls': `tabpanel-${id}` } : {})}
          tabIndex={id === selected ? 0 : -1} onClick={() => onSelect(id)}
        >
          {text}
          {detail !== undefined && <span class="count">{detail}</span>}
        </button>
      ))}
    </div>
  );
}

export interface TabPanelProps {
  readonly id: string;
  readonly children: ComponentChildren;
  /** True where nothing inside takes the focus: the panel itself then does, so that the keyboard can scroll it. */
  readonly focusable: boolean;
  readonly scroll?: RefObject<HTMLDivElement | null>;
}

export function TabPanel({ id, children, focusable, scroll }: TabPanelProps) {
  return (
    <div ref={scroll ?? null} role="tabpanel" id={`tabpanel-${id}`} class={`tabpanel tabpanel-${id}`} aria-labelledby={`tab-${id}`} tabIndex={focusable ? 0 : -1}>
      {children}
    </div>
  );
}
