/** The console: values become text in the guest, so that nothing but text leaves it. */
export const consoleApi = String.raw`
const maxLine = 16384, maxItems = 100, maxDepth = 4;

function show(value, depth, seen) {
  switch (typeof value) {
    case 'string': return depth === 0 ? value : stringify(value);
    case 'bigint': return value + 'n';
    case 'symbol': return apply(symbolToString, value, []);
    case 'function': return '[function ' + (ownData(value, 'name') || 'without a name') + ']';
    case 'object': return value === null ? 'null' : showObject(value, depth, seen);
    default: return '' + value;
  }
}

const symbolToString = Symbol.prototype.toString;
const toStringTag = Object.prototype.toString;
const dateToJson = Date.prototype.toISOString;
const mapForEach = Map.prototype.forEach, setForEach = Set.prototype.forEach;

function ownData(object, key) {
  const property = getOwnPropertyDescriptor(object, key);
  return property === undefined ? undefined : property.value;
}

function showObject(value, depth, seen) {
  for (let outer = seen; outer !== null; outer = outer.next) if (outer.value === value) return '[circular]';
  const inside = { value, next: seen };
  if (value instanceof Error) return describe(value).text;
  const tag = apply(toStringTag, value, []);
  if (tag === '[object Date]') { try { return apply(dateToJson, value, []); } catch { return 'Invalid Date'; } }
  if (tag === '[object RegExp]') return '' + value;
  if (depth >= maxDepth) return isArray(value) ? '[array]' : '[object]';
  const parts = create(null);
  let count = 0, more = false;
  const add = (text) => { if (count < maxItems) parts[count++] = text; else more = true; };
  if (isArray(value)) {
    for (let i = 0; i < value.length && !more; i++) add(show(value[i], depth + 1, inside));
    return '[' + joined(parts, count, more) + ']';
  }
  if (tag === '[object Map]') apply(mapForEach, value, [(item, key) => more || add(show(key, depth + 1, inside) + ' => ' + show(item, depth + 1, inside))]);
  else if (tag === '[object Set]') apply(setForEach, value, [(item) => more || add(show(item, depth + 1, inside))]);
  for (const key of ownKeys(value)) {
    const property = getOwnPropertyDescriptor(value, key);
    if (property === undefined || !property.enumerable) continue;
    add((typeof key === 'string' ? key : show(key, 1, inside)) + ': ' + ('value' in property ? show(property.value, depth + 1, inside) : '[getter]'));
    if (more) break;
  }
  return (tag === '[object Object]' ? '' : tag.slice(8, -1) + ' ') + '{ ' + joined(parts, count, more) + ' }';
}

function joined(parts, count, more) {
  let text = '';
  for (let i = 0; i < count; i++) text += (i === 0 ? '' : ', ') + parts[i];
  return more ? text + ', …' : text;
}

function write(level, values) {
  let line = '';
  for (let i = 0; i < values.length; i++) {
    let text;
    try { text = show(values[i], 0, null); } catch { text = '[cannot be shown]'; }
    line += (i === 0 ? '' : ' ') + text;
  }
  line = '  '.repeat(indent) + line;
  send('console', 0, level, line.length > maxLine ? line.slice(0, maxLine) + '…' : line);
}

let indent = 0;
const clocks = create(null), counts = create(null);
const millis = (label) => label + ': ' + (Date.now() - clocks[label]) + ' ms';
const group = (...values) => { if (values.length > 0) write('info', values); if (indent < 10) indent++; };
offer('console', {
  debug(...values) { write('debug', values); },
  trace(...values) { write('debug', values); },
  log(...values) { write('info', values); },
  info(...values) { write('info', values); },
  dir(value) { write('info', [value]); },
  table(value) { write('info', [value]); },
  warn(...values) { write('warn', values); },
  error(...values) { write('error', values); },
  assert(condition, ...values) { if (!condition) write('error', ['Assertion failed', ...values]); },
  group,
  groupCollapsed: group,
  groupEnd() { if (indent > 0) indent--; },
  count(label = 'default') { counts[label] = (counts[label] || 0) + 1; write('info', [label + ': ' + counts[label]]); },
  time(label = 'default') { clocks[label] = Date.now(); },
  timeLog(label = 'default', ...values) { write('info', [millis(label), ...values]); },
  timeEnd(label = 'default') { write('info', [millis(label)]); delete clocks[label]; },
});
`;
