import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Bundle } from '../../scripts/build/bundle.ts';
import { readFunctions } from '../../scripts/build/functions.ts';
import { notForLambda, settingsOf } from '../../scripts/build/lambda-list.ts';
import { build } from '../../scripts/build.ts';
import { cutOut } from '../../scripts/deploy/lambda.ts';
import { testSettings } from '../support/calls.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const osls = join(root, 'platforms/node_modules/osls/bin/serverless.js');
const folder = temporaryFolder();
const functions = (await readFunctions(join(root, 'functions'))).map(({ fn }) => fn);

/** osls needs seconds of its own, more beside other suites. */
const SLOW_MS = 180_000;

interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  // biome-ignore lint/suspicious/noExplicitAny: properties differ by type of resource
  readonly Properties: any;
}
interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Conditions: unknown;
}

/** A value for every setting, so that none is missing; the rest of the environment is not ours. */
const settings = Object.fromEntries(
  functions.flatMap(settingsOf).map(({ name, example }) => [name, example || 'a-value']),
);
const { HANDOVER_TABLE: _table, PUBLIC_BASE_URL: _url, ...env } = { ...settings, ...testSettings };

function packaged(extra: Readonly<Record<string, string>> = {}): Template {
  const { PATH, NODE_OPTIONS = '' } = process.env;
  const { status, stdout } = spawnSync(process.execPath, [osls, 'package'], {
    cwd: folder,
    env: { PATH, NODE_OPTIONS, HOME: folder, SLS_TELEMETRY_DISABLED: '1', ...env, ...extra },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stdout);
  return JSON.parse(readFileSync(join(folder, '.serverless/cloudformation-template-update-stack.json'), 'utf8'));
}

let bundles: readonly Bundle[];
let template: Template;
beforeAll(async () => {
  ({ bundles } = await build({ outFolder: join(folder, 'dist') }));
  copyFileSync(join(root, 'serverless.yml'), join(folder, 'serverless.yml'));
  template = packaged();
}, SLOW_MS);

const ofType = (type: string) => Object.values(template.Resources).filter((resource) => resource.Type === type);
const lambda = (name: string) =>
  ofType('AWS::Lambda::Function').find(({ Properties }) => Properties.FunctionName === `handover-production-${name}`);

describe('what osls makes of serverless.yml without an account', () => {
  test('every function has its route, for every method', () => {
    const routes = ofType('AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties.RouteKey);
    expect(routes.sort()).toEqual(functions.map(({ name }) => `ANY /${name}`).sort());
  });

  test('the sweep is called every minute by a rule that may call nothing else, and no other function is', () => {
    const [rule, ...others] = ofType('AWS::Events::Rule');
    expect(others).toEqual([]);
    expect(rule?.Properties).toMatchObject({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
    const isSweep = (logicalId: string) =>
      template.Resources[logicalId]?.Properties.FunctionName === 'handover-production-sweep';
    expect(
      rule?.Properties.Targets.map(({ Arn }: { Arn: { 'Fn::GetAtt': string[] } }) => Arn['Fn::GetAtt'][0]),
    ).toSatisfy((targets: string[]) => targets.length === 1 && targets.every(isSweep));
    const allowed = ofType('AWS::Lambda::Permission').filter(
      ({ Properties }) => Properties.Principal === 'events.amazonaws.com',
    );
    expect(allowed.map(({ Properties }) => isSweep(Properties.FunctionName['Fn::GetAtt'][0]))).toEqual([true]);
  });

  test('every function runs on Node 22 and has more time than its deadline', () => {
    for (const fn of functions) {
      const { Runtime, Timeout, Handler } = lambda(fn.name)?.Properties ?? {};
      expect({ Runtime, Handler }).toEqual({ Runtime: 'nodejs22.x', Handler: `dist/lambda/${fn.name}.handler` });
      expect(Timeout * 1_000).toBeGreaterThan(fn.deadlineMs);
      expect(Timeout).toBeLessThan(30);
    }
  });

  test('every function is told its own settings and nobody else’s, and none that opens what production refuses', () => {
    for (const fn of functions) {
      const variables = Object.keys(lambda(fn.name)?.Properties.Environment.Variables ?? {});
      const own = settingsOf(fn).map(({ name }) => name);
      expect(variables.filter((name) => !own.includes(name))).toEqual([]);
      const untold = own.filter((name) => !variables.includes(name));
      expect(untold.sort()).toEqual(own.filter((name) => notForLambda.includes(name)).sort());
    }
  });

  test('the functions know where they are reached', () => {
    const { PUBLIC_BASE_URL } = lambda('receive-call')?.Properties.Environment.Variables ?? {};
    expect(PUBLIC_BASE_URL).toEqual({ 'Fn::GetAtt': ['HttpApi', 'ApiEndpoint'] });
  });

  test('every function has a role of its own that allows its log and what its code can do with the table', () => {
    const roles = ofType('AWS::IAM::Role');
    expect(roles).toHaveLength(functions.length);
    for (const { name } of functions) {
      const [role] = lambda(name)?.Properties.Role['Fn::GetAtt'] ?? [];
      const [{ PolicyDocument }, ...others] = template.Resources[role]?.Properties.Policies ?? [];
      const actions = PolicyDocument.Statement.flatMap(({ Action }: { Action: string[] }) => Action);
      const onTable = bundles.find((each) => each.name === name && each.runtime === 'lambda')?.tableActions ?? [];
      expect(others).toEqual([]);
      expect(actions).toEqual([
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        ...onTable.map((action) => `dynamodb:${action}`),
      ]);
    }
  });

  test('no role allows an action by wildcard, or anything on every resource', () => {
    const policies = JSON.stringify(ofType('AWS::IAM::Role').map(({ Properties }) => Properties.Policies));
    expect(policies).not.toMatch(/"[a-z0-9]*:?\*"/);
    expect(policies).not.toMatch(/"Action":\[[^\]]*\*/);
    expect(policies).not.toContain('DeleteTable');
  });

  test('only functions that are told of the table may use it', () => {
    const told = functions.filter((fn) => settingsOf(fn).some(({ name }) => name === 'HANDOVER_TABLE'));
    const using = bundles.filter(({ runtime, tableActions }) => runtime === 'lambda' && tableActions.length > 0);
    expect(using.map(({ name }) => name).sort()).toEqual(told.map(({ name }) => name).sort());
  });

  test('the table is kept, restored to any second, and clears away old items', () => {
    const [table, ...others] = ofType('AWS::DynamoDB::Table');
    expect(others).toEqual([]);
    expect(table).toMatchObject({ Condition: 'OwnTable', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(table?.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: 'ttlSec', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    expect(template.Conditions).toEqual({ OwnTable: { 'Fn::Equals': ['', ''] } });
  });
});

test('some of the functions, a table that is there already, and a domain of one’s own', { timeout: SLOW_MS }, () => {
  const some = functions.filter(({ name }) => name === 'receive-call' || name === 'sweep');
  cutOut(join(folder, 'dist/lambda'), some, '-deployed');
  const other = packaged({
    HANDOVER_LISTED: '-deployed',
    HANDOVER_TABLE: 'conversations',
    PUBLIC_BASE_URL: 'https://handover.example.com/voice',
  });
  const types = Object.values(other.Resources).map(({ Type }) => Type);
  for (const type of ['AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::ApiGatewayV2::Route'])
    expect(types.filter((each) => each === type)).toHaveLength(some.length);
  expect(other.Conditions).toEqual({ OwnTable: { 'Fn::Equals': ['conversations', ''] } });
  expect(JSON.stringify(other)).toContain('"PUBLIC_BASE_URL":"https://handover.example.com/voice"');
});

test('a missing setting stops the deployment by its name', { timeout: SLOW_MS }, () => {
  expect(() => packaged({ TWILIO_AUTH_TOKEN: undefined as never })).toThrow(/TWILIO_AUTH_TOKEN/);
});
