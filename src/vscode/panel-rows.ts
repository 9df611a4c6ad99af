import type { Span } from '../shared/dto.ts';
import type { Fold } from '../shared/fold.ts';
import type { SpanPage, SpanRow } from '../shared/protocol.ts';
import { parseTraceFilter, passes, type TraceFilter } from '../shared/trace-filter.ts';
import { aboutOf } from '../telemetry/about.ts';
import { pictureOf } from '../telemetry/picture-of.ts';

/** Names come from pages and servers and may be a megabyte long; a row shows one line. */
const rowTextLimit = 300;

export function clip(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}

/** The visible rows of one trace under one fold and filter; pages of them are cheap. */
export class PanelRows {
  readonly #spans: readonly Span[];
  readonly #tree: Tree;
  readonly #visible: readonly number[];
  /** By index of the span: its row, or -1. */
  readonly #rows: Int32Array;
  readonly #fold: (id: string) => boolean;

  /** `costUsd` tells what a step itself has cost, where that is known. */
  constructor(spans: readonly Span[], fold: Fold, filter: string, costUsd: (step: string) => number | undefined = () => undefined) {
    this.#spans = spans;
    this.#tree = treeOf(spans, filter, costUsd);
    // What a filter has found is shown, also inside a row that was closed before.
    const except = new Set(fold.except);
    this.#fold = filter === '' ? (id) => (fold.rest === 'open') !== except.has(id) : () => true;
    const visible: number[] = [];
    this.#rows = new Int32Array(spans.length).fill(-1);
    spans.forEach((_span, index) => {
      if (!this.#tree.kept[index]) return;
      const parent = this.#tree.parents[index]!;
      if (parent >= 0 && (this.#rows[parent] === -1 || !this.#fold(spans[parent]!.id))) return;
      this.#rows[index] = visible.push(index) - 1;
    });
    this.#visible = visible;
  }

  page(offset: number, limit: number, find?: string): SpanPage {
    const found = find === undefined ? -1 : this.#visible.findIndex((index) => this.#spans[index]!.id === find);
    return {
      offset,
      rows: this.#visible.slice(offset, offset + limit).map((index) => this.#row(index)),
      total: this.#visible.length,
      spans: this.#spans.length,
      ...(found === -1 ? {} : { found }),
    };
  }

  /** The first row after `from`, and then from the beginning, whose name begins with `text` in any letter case. */
  seek(text: string, from: number): number | undefined {
    const wanted = text.toLowerCase();
    const count = this.#visible.length;
    for (let step = 1; step <= count; step++) {
      const row = (from + step) % count;
      if (this.#spans[this.#visible[row]!]!.name.toLowerCase().startsWith(wanted)) return row;
    }
    return undefined;
  }

  #row(index: number): SpanRow {
    const { input, output, error, ...span } = this.#spans[index]!;
    const about = aboutOf(input);
    const picture = pictureOf(output);
    const { parents, children, positions, roots, matches } = this.#tree;
    const parent = parents[index]!;
    return {
      ...span,
      name: clip(span.name, rowTextLimit),
      ...(about === undefined ? {} : { about }),
      ...(error === undefined ? {} : { problem: clip(error.message, rowTextLimit) }),
      ...(picture === undefined ? {} : { picture }),
      children: children[index]!,
      open: children[index]! > 0 && this.#fold(span.id),
      position: positions[index]!,
      siblings: parent < 0 ? roots : children[parent]!,
      ...(parent < 0 ? {} : { parentRow: this.#rows[parent]! }),
      matches: matches[index] === 1,
    };
  }
}

/** By index of the span. Only spans that are kept count as children and siblings. */
interface Tree {
  readonly parents: Int32Array;
  readonly matches: Uint8Array;
  readonly kept: Uint8Array;
  readonly children: Int32Array;
  readonly positions: Int32Array;
  readonly roots: number;
}

function treeOf(spans: readonly Span[], filter: string, costUsd: (step: string) => number | undefined): Tree {
  const parsed = parseTraceFilter(filter);
  const count = spans.length;
  const parents = new Int32Array(count);
  const matches = new Uint8Array(count);
  const kept = new Uint8Array(count);
  const path: number[] = [];
  spans.forEach((span, index) => {
    parents[index] = span.depth === 0 ? -1 : path[span.depth - 1]!;
    path[span.depth] = index;
    matches[index] = isMatch(span, parsed, costUsd) ? 1 : 0;
    // A match keeps what leads to it. The walk stops at the first one kept: above it all are.
    for (let at = matches[index] ? index : -1; at >= 0 && !kept[at]; at = parents[at]!) kept[at] = 1;
  });
  const children = new Int32Array(count);
  const positions = new Int32Array(count);
  let roots = 0;
  for (let index = 0; index < count; index++) {
    if (!kept[index]) continue;
    const parent = parents[index]!;
    positions[index] = parent < 0 ? ++roots : ++children[parent]!;
  }
  return { parents, matches, kept, children, positions, roots };
}

/** Every word must occur in the name, what it is about, the kind, the status or the error. */
function isMatch(span: Span, filter: TraceFilter, costUsd: (step: string) => number | undefined): boolean {
  return passes(filter, span, () => `${span.name} ${aboutOf(span.input) ?? ''} ${span.kind} ${span.status} ${span.error?.message ?? ''}`.toLowerCase(), () => costUsd(span.id));
}
