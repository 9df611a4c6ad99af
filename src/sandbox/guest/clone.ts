/** structuredClone in the guest's own language: a native one would copy for seconds without ever letting the guest be interrupted. */
export const clone = String.raw`
const cloneTag = Object.prototype.toString;
const errorTypes = { __proto__: null, Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

function cloneError(value) {
  const error = new Error(typeof value === 'symbol' || typeof value === 'function' ? 'A ' + typeof value + ' cannot be cloned.' : 'The value cannot be cloned.');
  hide(error, 'name', 'DataCloneError');
  return error;
}

function cloneValue(value, seen) {
  if (typeof value === 'symbol' || typeof value === 'function') throw cloneError(value);
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  const keep = (copy) => {
    seen.set(value, copy);
    return copy;
  };
  if (isArray(value)) {
    const copy = keep(new Array(value.length));
    for (const key of keys(value)) copy[key] = cloneValue(value[key], seen);
    return copy;
  }
  const tag = apply(cloneTag, value, []).slice(8, -1);
  if (ArrayBuffer.isView(value)) {
    const buffer = cloneValue(value.buffer, seen);
    return keep(tag === 'DataView' ? new DataView(buffer, value.byteOffset, value.byteLength) : new globalThis[tag](buffer, value.byteOffset, value.length));
  }
  switch (tag) {
    case 'ArrayBuffer': return keep(value.slice(0));
    case 'Date': return keep(new Date(value.getTime()));
    case 'RegExp': return keep(new RegExp(value.source, value.flags));
    case 'Boolean': case 'Number': case 'String': return keep(Object(value.valueOf()));
    case 'Map': {
      const copy = keep(new Map());
      for (const [key, item] of [...value]) copy.set(cloneValue(key, seen), cloneValue(item, seen));
      return copy;
    }
    case 'Set': {
      const copy = keep(new Set());
      for (const item of [...value]) copy.add(cloneValue(item, seen));
      return copy;
    }
    case 'Error': {
      const copy = keep(new (errorTypes[value.name] || Error)(value.message));
      if ('cause' in value) hide(copy, 'cause', cloneValue(value.cause, seen));
      return copy;
    }
    case 'Promise': case 'WeakMap': case 'WeakSet': case 'WeakRef': throw cloneError(value);
  }
  const copy = keep({});
  for (const key of keys(value)) defineData(copy, key, cloneValue(value[key], seen));
  return copy;
}

offer('structuredClone', function structuredClone(value) { return cloneValue(value, new Map()); });
`;
