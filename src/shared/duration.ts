/** `0.4 ms`, `12 ms`, `2.31 s`, `4 min 5 s`, `10 min`, `2 h 3 min`. */
export function formatDuration(ms: number): string {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_995) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 3600 ? both(Math.floor(seconds / 60), 'min', seconds % 60, 's') : both(Math.floor(seconds / 3600), 'h', Math.floor((seconds % 3600) / 60), 'min');
}

const both = (whole: number, unit: string, rest: number, smaller: string) => `${whole} ${unit}${rest === 0 ? '' : ` ${rest} ${smaller}`}`;
