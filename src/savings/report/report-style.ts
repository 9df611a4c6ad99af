/** The whole style of a report. System fonts and system colours only. */
export const reportStyle = `
:root { color-scheme: light dark; --line: #c8ccd1; --soft: #5b6470; --bar: #2f6feb; }
@media (prefers-color-scheme: dark) { :root { --line: #444c56; --soft: #a3adb8; --bar: #6ea8fe; } }
@media (forced-colors: active) { :root { --line: CanvasText; --soft: CanvasText; --bar: Highlight; } }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
main { max-width: 960px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 26px; margin: 0 0 4px; }
.verdict { font-size: 16px; max-width: 75ch; margin: 10px 0; }
a { color: LinkText; }
h2, caption { font-size: 18px; font-weight: 600; text-align: left; margin: 0; padding: 28px 0 8px; }
section { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; font-weight: 400; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
tbody th { min-width: 8em; }
thead th { color: var(--soft); font-size: 13px; white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.long { white-space: normal; min-width: 9em; }
figure { margin: 28px 0 0; }
figcaption { font-size: 18px; font-weight: 600; padding-bottom: 8px; }
svg { width: 100%; height: 160px; display: block; }
rect { fill: var(--bar); }
line { stroke: var(--line); }
.ends { display: flex; justify-content: space-between; color: var(--soft); font-size: 13px; }
section:focus-visible { outline: 2px solid var(--bar); outline-offset: 2px; }
@media print {
  :root { color-scheme: light; --line: #c8ccd1; --soft: #444c56; --bar: #2f6feb; }
  body { background: #fff; color: #000; font-size: 11px; }
  main { max-width: none; padding: 0; }
  section { overflow: visible; }
  h2, caption, figure, tr, figcaption { break-inside: avoid; }
  h2, caption, figcaption { break-after: avoid; }
  thead { display: table-header-group; }
  thead th { white-space: normal; font-size: 10px; }
  th, td { padding-inline-end: 8px; }
  tbody th { min-width: 6em; }
  rect { print-color-adjust: exact; }
}
`;
