// Swagger UI and ReDoc read numbers as doubles: 10000000000000000007 would be shown as 10000000000000000000. On these
// pages JSON keeps such integers as bigints, and writes them as they were.
const parse = JSON.parse;
const LARGE_INTEGER = /^-?\d{16,}$/;

function keepExact(value, source) {
  return typeof value === 'number' && !Number.isSafeInteger(value) && LARGE_INTEGER.test(source)
    ? BigInt(source)
    : value;
}

JSON.parse = function parseExactly(text, reviver) {
  if (!/\d{16}/.test(text)) {
    return parse(text, reviver);
  }
  return parse(text, function revive(key, value, context) {
    const exact = keepExact(value, context?.source);
    return reviver ? reviver.call(this, key, exact, context) : exact;
  });
};

BigInt.prototype.toJSON = function toExactJson() {
  return JSON.rawJSON(this.toString());
};
