/**
 * One container of the platform's Node runtime, as far as an action notices: POST /init hands over code and settings, POST
 * /run invokes. Its contract was learned from the real runtime (apache/openwhisk-runtime-nodejs, December 2024). Prints its
 * port first.
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const END = 'XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX';
globalThis.require = createRequire(import.meta.url);

let main;
let running = false;

/** Text actions are evaluated inside a function and looked up by the name of a variable. */
function load({ code, main: name, binary, env }) {
  if (binary) throw new Error('this container takes text actions only');
  for (const [key, value] of Object.entries(env ?? {}))
    process.env[key] = typeof value === 'string' ? value : JSON.stringify(value);
  const module = { exports: {} };
  const loaded = evaluateText(module, module.exports, code, name);
  if (typeof loaded !== 'function') throw new Error(`Action entrypoint '${name}' is not a function.`);
  return loaded;
}

// biome-ignore lint/correctness/noUnusedFunctionParameters: the text sees what is in scope here, like in the real runtime
function evaluateText(module, exports, code, name) {
  // biome-ignore lint/security/noGlobalEval: the real runtime does just this
  return eval(`(function(){${code}\nreturn ${name}})()`);
}

function init({ value }) {
  if (main) return [403, { error: 'Cannot initialize the action more than once.' }];
  try {
    main = load(value);
    return [200, { OK: true }];
  } catch (error) {
    return [502, { error: `Initialization has failed due to: ${error}` }];
  }
}

async function run({ value, ...context }) {
  if (!main || running) return [403, { error: `System not ready, status is ${running ? 'running' : 'starting'}.` }];
  for (const [key, text] of Object.entries(context)) process.env[`__OW_${key.toUpperCase()}`] = String(text);
  running = true;
  let result;
  try {
    result = (await main(value ?? {})) ?? {};
  } catch (error) {
    result = { error: { name: error.name, message: error.message, stack: error.stack } };
  }
  running = false;
  for (const stream of [process.stdout, process.stderr]) stream.write(`${END}\n`);
  return typeof result === 'object' ? [200, result] : [502, { error: 'The action did not return a dictionary.' }];
}

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const [status, answer] = await (request.url === '/init' ? init : run)(JSON.parse(body));
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
