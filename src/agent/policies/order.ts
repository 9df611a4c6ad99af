/** Calls that may go on at the same time, in batches that follow each other: neighbours that only read, and everything else alone and in its turn. */
export function batches<T>(calls: readonly T[], readsOnly: (call: T) => boolean): readonly (readonly T[])[] {
  const result: T[][] = [];
  let open = false;
  for (const call of calls) {
    const reads = readsOnly(call);
    const last = result.at(-1);
    if (reads && open && last) last.push(call);
    else result.push([call]);
    open = reads;
  }
  return result;
}
