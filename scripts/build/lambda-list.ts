import type { AnyFunction } from '../../shared/core/function.ts';
import { type SettingInfo, strictest } from '../../shared/core/settings.ts';
import type { Bundle } from './bundle.ts';

type Json = Readonly<Record<string, unknown>>;

/** What Lambda sets itself, and what has no place in a deployment: `STAGE=local` opens what production refuses. */
export const notForLambda: readonly string[] = [
  'STAGE',
  'AWS_REGION',
  'AWS_ENDPOINT_URL_DYNAMODB',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
];

/** A variable for osls, which it resolves in what it reads. */
const variable = (expression: string) => `\${${expression}}`;

const fromTheService: Readonly<Record<string, string>> = {
  HANDOVER_TABLE: variable('self:custom.table'),
  PUBLIC_BASE_URL: variable('env:PUBLIC_BASE_URL, self:custom.address'),
};

/** Every setting that a function can ask for, without doubles: each as strictly as it is asked for anywhere. */
export const settingsOf = (fn: AnyFunction): readonly SettingInfo[] =>
  strictest([...fn.caller.settings.infos, ...fn.settings.infos]);

function environmentOf(fn: AnyFunction): Json {
  return Object.fromEntries(
    settingsOf(fn)
      .filter(({ name }) => !notForLambda.includes(name))
      .map(({ name, optional, onlyIf }) => [
        name,
        fromTheService[name] ?? variable(optional || onlyIf ? `env:${name}, null` : `env:${name}`),
      ]),
  );
}

const camel = (name: string) => name.replace(/(^|-)([a-z])/g, (_, _dash, letter: string) => letter.toUpperCase());

/** The event by which Lambda calls a function itself. */
function scheduleOf({ everyMinutes: minutes }: AnyFunction): readonly Json[] {
  return minutes === undefined ? [] : [{ schedule: `rate(${minutes} minute${minutes === 1 ? '' : 's'})` }];
}

/** The entry of a function in `functions.json`, from which serverless.yml takes its functions. */
export function lambdaEntry(fn: AnyFunction, bundle: Bundle): Json {
  return {
    handler: `dist/${bundle.path.replace(/\.js$/, '')}.handler`,
    description: fn.purpose.slice(0, 256),
    timeout: Math.ceil(fn.deadlineMs / 1000) + 1,
    role: `${camel(fn.name)}Role`,
    package: { patterns: [`dist/${bundle.path}`] },
    environment: environmentOf(fn),
    events: [{ httpApi: { method: '*', path: `/${fn.name}` } }, ...scheduleOf(fn)],
  };
}

const policy = (...Statement: readonly Json[]): Json => ({ Version: '2012-10-17', Statement });

const allow = (actions: readonly string[], resource: unknown): Json => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resource,
});

/** The log group of a function, as osls names it. */
function logGroup(name: string): Json {
  const [partition, region, account] = ['Partition', 'Region', 'AccountId'].map((each) => variable(`AWS::${each}`));
  const group = `/aws/lambda/${variable('self:service')}-${variable('sls:stage')}-${name}`;
  return { 'Fn::Sub': `arn:${partition}:logs:${region}:${account}:log-group:${group}:*` };
}

/** The role of a function: its own log, and those operations of the table that its code can call at all. */
export function lambdaRole(fn: AnyFunction, bundle: Bundle): readonly [string, Json] {
  const onTable = bundle.tableActions.map((action) => `dynamodb:${action}`);
  const statements = [
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup(fn.name)),
    ...(onTable.length > 0 ? [allow(onTable, variable('self:custom.tableArn'))] : []),
  ];
  return [
    `${camel(fn.name)}Role`,
    {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: policy({
          Effect: 'Allow',
          Principal: { Service: 'lambda.amazonaws.com' },
          Action: 'sts:AssumeRole',
        }),
        Policies: [{ PolicyName: 'own', PolicyDocument: policy(...statements) }],
      },
    },
  ];
}
