import { expect, test } from 'vitest';
import { boundaryFaults, layers } from './boundary-rules.ts';
import { projectFiles, readProjectFile } from './tree.ts';

const sources = projectFiles.filter((file) =>
  /^((functions|shared|stage|scripts)\/.*\.(ts|mjs)|(web|flex)\/.*\.(ts|js)|tests\/(?!repo\/).*\.ts)$/.test(file),
);

test('every source file keeps the import rules of its layer', () => {
  const faults = sources.flatMap((file) =>
    boundaryFaults(file, readProjectFile(file)).map((fault) => `${file}: ${fault}`),
  );
  expect(faults).toEqual([]);
});

test('every folder of sources is covered by a layer', () => {
  expect(sources.filter((file) => !layers.some(({ files }) => files.test(file)))).toEqual([]);
});

/** File, source, what must be said about it: a rule that cannot fail is no rule. */
test.for([
  ['shared/core/a.ts', "import { x } from '../store/keys.ts';", 'core must not import shared/store/keys.ts'],
  ['shared/core/a.ts', "import type { X } from '../store/keys.ts';", 'core must not import shared/store/keys.ts'],
  [
    'shared/core/callers/a.ts',
    "import { x } from '../../http/client.ts';",
    'core must not import shared/http/client.ts',
  ],
  ['shared/core/a.ts', "import { readFile } from 'node:fs';", 'core must not import node:fs'],
  ['shared/core/a.ts', "import twilio from 'twilio';", 'core must not import twilio'],
  ['shared/core/a.ts', "import {\n  x,\n} from 'node:http';", 'core must not import node:http'],
  ['shared/core/a.ts', "export { x } from 'node:http';", 'core must not import node:http'],
  ['shared/core/a.ts', "import 'node:http';", 'core must not import node:http'],
  ['shared/core/a.ts', "const x = await import('node:http');", 'core must not import node:http'],
  ['shared/core/a.ts', 'export const x = process.env.X;', 'core must not use process.env'],
  ['shared/core/a.ts', 'export const x = () => Date.now();', 'core must not use Date.now'],
  ['shared/core/a.ts', 'export const x = () => new Date();', 'core must not use a date of now'],
  ['shared/core/a.ts', 'export const x = () => new Date;', 'core must not use a date of now'],
  ['shared/core/a.ts', 'export const x = () => Math.random();', 'core must not use Math.random'],
  ['shared/core/a.ts', 'export const x = () => setTimeout(() => {}, 1);', 'core must not use a timer'],
  ['shared/core/a.ts', "export const x = () => fetch('x');", 'core must not use the global fetch'],
  ['shared/http/a.ts', "import { x } from '../store/keys.ts';", 'http must not import shared/store/keys.ts'],
  ['shared/runtimes/a.ts', "import { x } from '../store/keys.ts';", 'runtimes must not import shared/store/keys.ts'],
  ['shared/runtimes/a.ts', "import t from 'twilio';", 'runtimes must not import twilio'],
  ['shared/store/a.ts', "import { x } from '../http/client.ts';", 'store must not import shared/http/client.ts'],
  ['shared/store/a.ts', "import { x } from '@aws-sdk/lib-dynamodb';", 'store must not import @aws-sdk/lib-dynamodb'],
  [
    'shared/twilio/a.ts',
    "import V from 'twilio/lib/twiml/VoiceResponse.js';",
    'twilio must not import twilio/lib/twiml/VoiceResponse.js',
  ],
  [
    'shared/desks/webhook/a.ts',
    "import { x } from '../phone/index.ts';",
    'one desk or bot must not import shared/desks/phone/index.ts',
  ],
  [
    'shared/desks/webhook/a.ts',
    "import { x } from '../../bots/plain/index.ts';",
    'one desk or bot must not import shared/bots/plain/index.ts',
  ],
  [
    'shared/bots/plain/a.ts',
    "import { x } from '../index.ts';",
    'one desk or bot must not import shared/bots/index.ts',
  ],
  [
    'shared/desks/index.ts',
    "import { x } from '../bots/index.ts';",
    'index of desks and bots must not import shared/bots/index.ts',
  ],
  ['shared/bots/plain/a.ts', "globalThis.fetch('x');", 'one desk or bot must not use the global fetch'],
  ['tests/core/a.ts', 'const beganMs = performance.now();', 'tests must not use performance.now'],
  ['functions/a.ts', "import b from './b.ts';", 'functions must not import functions/b.ts'],
  [
    'functions/a.ts',
    "import { x } from '../shared/runtimes/system.ts';",
    'functions must not import shared/runtimes/system.ts',
  ],
  ['functions/a.ts', "import { x } from '../stage/main.ts';", 'functions must not import stage/main.ts'],
  [
    'functions/a.ts',
    "import { x } from '../tests/support/clock.ts';",
    'functions must not import tests/support/clock.ts',
  ],
  [
    'functions/a.ts',
    "import AccessToken from 'twilio/lib/jwt/AccessToken.js';",
    'functions must not import twilio/lib/jwt/AccessToken.js',
  ],
  ['functions/a.ts', "export const x = () => fetch('x');", 'functions must not use the global fetch'],
  [
    'web/service-desk/a.ts',
    "import { x } from '../../shared/core/decode.ts';",
    'service desk must not import shared/core/decode.ts',
  ],
  ['web/service-desk/a.ts', "import { x } from 'node:crypto';", 'service desk must not import node:crypto'],
  ['web/service-desk/a.ts', 'export const x = process.env.X;', 'service desk must not use process'],
  ['web/service-desk/a.ts', "console.log('token');", 'service desk must not use a console'],
  ['web/service-desk/a.ts', "element.innerHTML = '';", 'service desk must not use HTML'],
  ['web/service-desk/a.ts', "eval('1');", 'service desk must not use code from text'],
  [
    'functions/a.ts',
    "import { x } from '../web/agent-view/other.ts';",
    'functions must not import web/agent-view/other.ts',
  ],
  [
    'shared/core/a.ts',
    "import { x } from '../../web/agent-view/page-files.ts';",
    'core must not import web/agent-view/page-files.ts',
  ],
  ['web/a/b.js', "import { x } from '../c/d.js';", 'a page must not import web/c/d.js'],
  ['web/a/b.js', "import x from 'react';", 'a page must not import react'],
  [
    'web/a/page-files.ts',
    "import { x } from '../../shared/core/hash.ts';",
    'the files of a page must not import shared/core/hash.ts',
  ],
  ['flex/a.js', "import React from 'react';", 'the plug-in must not import react'],
  ['stage/a.ts', "import { x } from '../tests/support/clock.ts';", 'stage must not import tests/support/clock.ts'],
  ['scripts/a.ts', "import { x } from '../tests/support/clock.ts';", 'scripts must not import tests/support/clock.ts'],
] as const)('a planted fault is found: %s %s', ([file, source, fault]) => {
  expect(boundaryFaults(file, source)).toEqual([fault]);
});

test.for([
  ['shared/core/callers/a.ts', "import { x } from '../problems.ts';\nimport { createHmac } from 'node:crypto';"],
  ['shared/core/a.ts', 'export const x = (ms: number) => new Date(ms).toISOString();'],
  ['shared/core/a.ts', "/** Says what Date.now and fetch( are not. */\nexport const x = 'new moon';"],
  ['shared/core/a.ts', "import parse from 'libphonenumber-js/min';"],
  ['shared/runtimes/a.ts', "import type { Context } from '@twilio-labs/serverless-runtime-types/types';"],
  ['shared/desks/flex/a.ts', "import { x } from './client.ts';\nimport { sendHttp } from '../../http/client.ts';"],
  ['shared/desks/index.ts', "import { x } from './flex/index.ts';"],
  ['functions/a.ts', "import { pageStyle } from '../web/agent-view/page-files.ts';"],
  ['web/a/b.js', "import { x } from './c.js';\nexport const y = () => fetch(x);"],
  ['functions/a.ts', "import { x } from '../shared/desks/index.ts';\nexport const y = x.fetch('z');"],
  [
    'web/service-desk/a.ts',
    "import { Client } from '@twilio/conversations';\nimport { ID } from '../../shared/core/id.ts';\nfetch('x');",
  ],
  ['stage/a.ts', "import f from '../functions/receive-call.ts';\nimport dynalite from 'dynalite';\nfetch('x');"],
] as const)('what is allowed is not a fault: %s', ([file, source]) => {
  expect(boundaryFaults(file, source)).toEqual([]);
});
