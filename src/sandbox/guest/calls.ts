/**
 * Host calls. Each waits in the guest's own memory until few enough are under way, so a flood of calls fills nothing of the host's.
 * The stack of a failed call is made where the call was made, so it names the line of the program, however late the failure is seen.
 */
export const calls = String.raw`
const pendingCalls = create(null);
let lastCall = 0, firstWaiting = 1, callsUnderWay = 0, charactersUnderWay = 0, unansweredCalls = 0;
let maxCalls = 1, maxCharacters = 0;

const callOfError = new WeakMap();
const rememberCall = WeakMap.prototype.set, recallCall = WeakMap.prototype.get;
const { indexOf } = String.prototype;

// One of the engines has no way to make a stack alone. The frame of this function is left out.
function stackOfError(holder) {
  const { stack } = new Error();
  defineData(holder, 'stack', apply(slice, stack, [apply(indexOf, stack, ['\n']) + 1]));
}

const { captureStackTrace = stackOfError } = Error;
const stackHolder = create(null);

// What is kept of a call: a list, because an object with as many properties takes twice as long.
const nameOf = 0, jsonOf = 1, resolveOf = 2, rejectOf = 3, stackOf = 4;

let ofAnswer = (value) => value;

/** What a program gets for an answer that is an object is what make gives for it. */
function onAnswer(make) {
  ofAnswer = make;
}

let resolveMade, rejectMade;

// One for all promises: a function made for each, with what it closes over, takes longer than the promise.
const keepSettlers = (resolve, reject) => {
  resolveMade = resolve;
  rejectMade = reject;
};

/** The stack of the call begins outside of within: what lies between that function and here says nothing to whoever wrote the program. */
function call(name, args, within = call) {
  if (typeof name !== 'string') throw new TypeError('A host call needs a name.');
  const json = args === undefined ? 'null' : stringify(args);
  const promise = new Promise(keepSettlers);
  // Of an error only the stack must be made now, and the rest of it takes as long again.
  captureStackTrace(stackHolder, within);
  pendingCalls[lastCall + 1] = [name, json === undefined ? 'null' : json, resolveMade, rejectMade, stackHolder.stack];
  lastCall++;
  unansweredCalls++;
  startCalls();
  return promise;
}

let lastName = '', lastQuoted = ',"",';

// Most programs call one tool several times in a row.
function quoted(name) {
  if (name !== lastName) {
    lastQuoted = ',' + stringify(name) + ',';
    lastName = name;
  }
  return lastQuoted;
}

function startCalls() {
  while (firstWaiting <= lastCall) {
    const entry = pendingCalls[firstWaiting];
    const json = entry[jsonOf];
    const full = callsUnderWay >= maxCalls || charactersUnderWay + json.length > maxCharacters;
    if (callsUnderWay > 0 && full) return;
    const id = firstWaiting++;
    callsUnderWay++;
    charactersUnderWay += json.length;
    sendCall(id + quoted(entry[nameOf]) + json);
  }
}

// Three items for each answer. The first is the call's own number where the text holds one answer only: if that one cannot be read, the others still can.
function settleCalls(single, text) {
  let answers;
  try {
    answers = parse(text);
  } catch (error) {
    const entry = takeCall(single);
    if (entry === undefined) throw error;
    entry[rejectOf](error);
    return;
  }
  for (let i = 0; i < answers.length; i += 3) settleCall(answers[i], answers[i + 1] === 1, answers[i + 2]);
}

function takeCall(id) {
  const entry = pendingCalls[id];
  if (entry === undefined || id >= firstWaiting) return undefined;
  delete pendingCalls[id];
  unansweredCalls--;
  callsUnderWay--;
  charactersUnderWay -= entry[jsonOf].length;
  startCalls();
  return entry;
}

// An error made where the call was made.
function errorAt(entry) {
  const error = new Error();
  hide(error, 'stack', entry[stackOf]);
  return error;
}

const callNumber = () => lastCall;

/** The first call without an answer whose number is not in others, as its name and an error made where it was made; undefined if there is none. */
function unansweredCall(others) {
  for (const id in pendingCalls) {
    const entry = pendingCalls[id];
    if (others[id] === undefined) return { name: entry[nameOf], error: errorAt(entry) };
  }
  return undefined;
}

function settleCall(id, ok, value) {
  const entry = takeCall(id);
  if (entry === undefined) return;
  if (ok) {
    try {
      entry[resolveOf](typeof value === 'object' && value !== null ? ofAnswer(value) : value);
    } catch (error) {
      entry[rejectOf](error);
    }
    return;
  }
  const error = errorAt(entry);
  hide(error, 'name', 'AssassinError');
  hide(error, 'message', value.message);
  defineData(error, 'code', value.code);
  // Its own or none: the program may have put one on every object.
  const hint = getOwnPropertyDescriptor(value, 'hint');
  if (hint !== undefined) defineData(error, 'hint', hint.value);
  apply(rememberCall, callOfError, [error, id]);
  entry[rejectOf](error);
}
`;
