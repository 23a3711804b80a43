/** One cold start: node once.cjs <bundle> <event file> <status>. Loads the bundle, serves one event, ends. */
const { readFileSync } = require('node:fs');
const { resolve } = require('node:path');

const [, , bundle, eventFile, status] = process.argv;
const event = JSON.parse(readFileSync(eventFile, 'utf8'));
require(resolve(bundle))
  .handler(event)
  .then((answer) => {
    const text = JSON.stringify(answer);
    process.exit(text.length > 0 && answer.statusCode === Number(status) ? 0 : 1);
  });
