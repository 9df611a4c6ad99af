import { hostHandover, hostModule } from '../module-names.ts';
import { abort } from './abort.ts';
import { base64 } from './base64.ts';
import { calls } from './calls.ts';
import { clock } from './clock.ts';
import { clone } from './clone.ts';
import { consoleApi } from './console.ts';
import { encoding } from './encoding.ts';
import { random } from './random.ts';
import { timers } from './timers.ts';
import { url } from './url.ts';

/**
 * The code that runs in every guest ahead of the program: an expression of one function, called with `send` and, for what is said the most, `sendCall`; it returns the receiver.
 * It takes what it needs of the language before the program can change it. What a program breaks afterwards, it breaks for itself.
 */
export const bootSource = String.raw`(function (send, sendCall) {
'use strict';
const { parse, stringify } = JSON;
const { apply, construct, ownKeys } = Reflect;
const { create, defineProperty, freeze, getOwnPropertyDescriptor, getPrototypeOf, keys } = Object;
const { isArray } = Array;
const { slice, replace, trimEnd } = String.prototype;
const { Promise, Error, TypeError, RangeError, WeakMap, Map, Set, Date, Uint8Array, ArrayBuffer } = globalThis;

const hide = (object, name, value) => defineProperty(object, name, { __proto__: null, value, enumerable: false, configurable: true, writable: true });
const defineData = (object, name, value) => defineProperty(object, name, { __proto__: null, value, enumerable: true, configurable: true, writable: true });
const offer = (name, value) => hide(globalThis, name, value);

// There are no threads to share with, and one of the engines lets a shared buffer grow past its memory.
delete globalThis.SharedArrayBuffer;
// Its callbacks come at moments that no replay could repeat.
delete globalThis.FinalizationRegistry;
// With it a program could take the functions of this code out of the calls that lead to an error.
defineProperty(Error, 'prepareStackTrace', { __proto__: null, get: () => undefined, set: () => {}, enumerable: false, configurable: false });

// Given up when something fails: a guest that has used up its memory needs some to say so.
let reserve = new ArrayBuffer(65536);

function fail(error) {
  reserve = undefined;
  const { name, message, stack, call } = describe(error);
  // Put together by hand: engines push what they make text of onto arrays, where a setter of the program's could throw.
  send('threw', 0, '{"name":' + stringify(name) + ',"message":' + stringify(message) + ',"stack":' + stringify(stack) + (typeof call === 'number' ? ',"call":' + call : '') + '}', '');
}

function textOf(object, key, length) {
  try {
    const value = object[key];
    return typeof value === 'string' ? apply(slice, value, [0, length]) : '';
  } catch {
    return '';
  }
}

// The outermost frames are ours, and only confuse whoever reads them.
const ownFrames = /(\n *at [^\n]*\(native\))*\n *at [^\n]*\(assassin:boot:[^]*$/;

// What a program has made of patterns must not keep its error from being told.
function withoutOwnFrames(stack) {
  try {
    const rest = apply(replace, stack, [ownFrames, '']);
    return typeof rest === 'string' ? rest : stack;
  } catch {
    return stack;
  }
}

/** Whatever was thrown, as text. */
function describe(error) {
  if (typeof error !== 'object' || error === null) {
    const message = show(error, 0, null);
    return { name: 'Error', message, stack: '', text: message };
  }
  const name = textOf(error, 'name', 200) || 'Error';
  const message = textOf(error, 'message', 8192);
  const stack = withoutOwnFrames(textOf(error, 'stack', 16384));
  return { name, message, stack, call: apply(recallCall, callOfError, [error]), text: (message === '' ? name : name + ': ' + message) + (stack === '' ? '' : '\n' + apply(trimEnd, stack, [])) };
}

${calls}
${consoleApi}
${timers}
${clock}
${random}
${encoding}
${base64}
${abort}
${clone}
${url}

function resultText(value) {
  try {
    return stringify(value);
  } catch (error) {
    throw error instanceof TypeError ? new TypeError('The result is not JSON: ' + error.message) : error;
  }
}

async function run(program) {
  try {
    maxCalls = program.maxCalls;
    maxCharacters = program.maxCharacters;
    if (program.frozenAt === null) startClock();
    else freezeClock(program.frozenAt);
    randomSeed = program.seed;
    if (!program.isReal) refuseCrypto();
    const entry = (await import(program.entry))[program.call];
    if (typeof entry !== 'function') {
      send('invalid', 0, typeof entry, '');
      return;
    }
    const text = resultText(await apply(entry, undefined, program.args));
    send('done', unansweredCalls, text === undefined ? 'null' : text, '');
  } catch (error) {
    fail(error);
  }
}

async function loadHost() {
  try {
    offer('${hostHandover}', { call, callNumber, onAnswer, unansweredCall });
    await import('${hostModule}');
    delete globalThis.${hostHandover};
  } catch (error) {
    fail(error);
  }
}

async function loadModules(names) {
  try {
    for (const name of names) await import(name);
  } catch (error) {
    fail(error);
  }
}

return function receive(operation, id, text, value) {
  try {
    switch (operation) {
      case 'answers': settleCalls(id, text); break;
      case 'timer': fireTimer(id); break;
      case 'run': run(parse(text)); break;
      case 'boot': loadHost(); break;
      case 'prelude': loadModules(parse(text)); break;
      case 'rejection': write('warn', ['A rejected promise was not handled:', value]); break;
    }
  } catch (error) {
    fail(error);
  }
};
})`;
