import type { StepKind } from '../../src/shared/events.ts';

/** Outlines on a 16 by 16 grid, drawn for this panel in the line weight of the editor's own icons. */
const paths = {
  check: 'M3.5 8.5l3 3 6-7',
  cross: 'M4.5 4.5l7 7M11.5 4.5l-7 7',
  ban: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM4.1 4.1l7.8 7.8',
  clock: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5v3.2l2.2 1.5',
  pause: 'M6 4v8M10 4v8',
  bolt: 'M9 2L4.5 9H8l-1 5 4.5-7H8z',
  spinner: 'M8 2.5a5.5 5.5 0 1 1-5.5 5.5',
  question: 'M6 6.2c0-2.6 4.1-2.5 4.1.1 0 1.6-2 1.6-2 3.2M8 11.6v.9',
  warning: 'M8 2.5l6 10.5H2zM8 6.5v3M8 11v.8',
  chevron: 'M6 4l4 4-4 4',
  stop: 'M4.5 4.5h7v7h-7z',
  again: 'M12.8 8a4.8 4.8 0 1 1-1.5-3.5M12.5 2v3h-3',
  export: 'M8 10V2.5M5 5.2l3-2.7 3 2.7M3 9v4.5h10V9',
  copy: 'M5.5 5.5h7v8h-7zM3.5 10.5v-8h7',
  search: 'M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM10 10l3.5 3.5',
  expand: 'M5 2.5h8.5V11M2.5 5H11v8.5H2.5zM6.75 7.2v4.1M4.7 9.25h4.1',
  collapse: 'M5 2.5h8.5V11M2.5 5H11v8.5H2.5zM4.7 9.25h4.1',
  run: 'M4.5 3v10l8-5z',
  chain: 'M6.8 9.2l2.4-2.4M7.5 4.8l1.3-1.3a2.6 2.6 0 0 1 3.7 3.7L11.2 8.5M8.5 11.2l-1.3 1.3a2.6 2.6 0 0 1-3.7-3.7l1.3-1.3',
  sandbox: 'M8 2l5.5 3v6L8 14l-5.5-3V5zM2.5 5L8 8l5.5-3M8 8v6',
  tool: 'M10.8 2.6a3.3 3.3 0 0 0-3.6 4.5L2.6 11.7l1.7 1.7 4.6-4.6a3.3 3.3 0 0 0 4.5-3.6L11.3 7.3 8.7 4.7z',
  browser: 'M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2zM2.4 8h11.2M8 2.2c-3.2 3.4-3.2 8.2 0 11.6 3.2-3.4 3.2-8.2 0-11.6z',
  mcp: 'M6 2v3M10 2v3M4 5h8v2.5a4 4 0 0 1-8 0zM8 11.5V14',
  http: 'M2.5 5.5h10M10 3l2.5 2.5L10 8M13.5 10.5h-10M6 8l-2.5 2.5L6 13',
  workspace: 'M2 4h4.5l1.5 1.8h6V13H2z',
  model: 'M8 2l1.5 4.5L14 8l-4.5 1.5L8 14l-1.5-4.5L2 8l4.5-1.5z',
  approval: 'M8 2l5 1.8V8c0 3-2.2 5-5 6-2.8-1-5-3-5-6V3.8zM5.8 7.8l1.6 1.6 2.8-3',
  agent: 'M8 2.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM3 13.5c.3-3 2.3-4.5 5-4.5s4.7 1.5 5 4.5',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3',
  tag: 'M2.5 2.5H8l5.5 5.5L8 13.5 2.5 8zM5 5h.1',
  compare: 'M3 3h4v10H3zM9 3h4v10H9z',
  filter: 'M2.5 3.5h11L9.5 8.5v4l-3 1.5V8.5z',
  history: 'M3.2 8a4.8 4.8 0 1 0 1.5-3.5M3.5 2v3h3M8 5.5V8l2 1.3',
  send: 'M8 13V3.5M4 7.5l4-4 4 4',
  attach: 'M12.5 7.5l-5 5a2.9 2.9 0 0 1-4.1-4.1l5.4-5.4a1.9 1.9 0 0 1 2.7 2.7l-5.2 5.2a.9.9 0 0 1-1.3-1.3l4.6-4.6',
  edit: 'M3 13l.8-3.2L10.6 3 13 5.4l-6.8 6.8zM9.2 4.4l2.4 2.4',
  undo: 'M5.5 3L2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 8H6',
  freeze: 'M8 2v12M2.8 5l10.4 6M13.2 5L2.8 11M6.3 2.8L8 4.2l1.7-1.4M6.3 13.2L8 11.8l1.7 1.4',
  fork: 'M5 4.5v7M5 8h3a3 3 0 0 0 3-3V4.5M5 3a1.2 1.2 0 1 0 0 1.5M11 3a1.2 1.2 0 1 0 0 1.5M5 11.8a1.2 1.2 0 1 0 .1 0',
  back: 'M13 8H3.5M7.5 4l-4 4 4 4',
  down: 'M8 3v9.5M4 8.5l4 4 4-4',
  person: 'M8 2.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM3 13.5c.3-3 2.3-4.5 5-4.5s4.7 1.5 5 4.5',
  chart: 'M2.5 2.5v11h11M5.5 11V8M8.5 11V5M11.5 11V7',
  pulse: 'M2 8.5h3l1.5-4 3 7.5 1.5-3.5h3',
  list: 'M2.5 4.5l1 1 2-2M7.5 4.5h6M2.5 8.5l1 1 2-2M7.5 8.5h6M7.5 12.5h6M3 12.5h1.5',
  file: 'M4 2.5h5l3 3v8H4zM9 2.5v3h3',
  lease: 'M4 2.5h8M4 13.5h8M5 2.5c0 3 1.5 4 3 5.5-1.5 1.5-3 2.5-3 5.5M11 2.5c0 3-1.5 4-3 5.5 1.5 1.5 3 2.5 3 5.5',
  retriever: 'M3 3.5c0-.8 2.2-1.3 5-1.3s5 .5 5 1.3-2.2 1.3-5 1.3-5-.5-5-1.3zM3 3.5v9c0 .8 2.2 1.3 5 1.3s5-.5 5-1.3v-9M3 8c0 .8 2.2 1.3 5 1.3s5-.5 5-1.3',
  evaluator: 'M8 2.5v11M5 13.5h6M3 5h10M3 5L1.5 9.5h3zM13 5l-1.5 4.5h3z',
} as const satisfies Readonly<Record<string, string>> & Readonly<Record<StepKind, string>>;

export type IconName = keyof typeof paths;

/** Always beside a text that says the same: screen readers skip it. */
export function Icon({ name, tone }: { readonly name: IconName; readonly tone?: string }) {
  return (
    <svg class={`icon icon-${name}${tone === undefined ? '' : ` tone-${tone}`}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
