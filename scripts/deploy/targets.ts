import { codeEngine } from './code-engine.ts';
import { lambda } from './lambda.ts';
import { openwhisk } from './openwhisk.ts';
import type { Target } from './plan.ts';
import { twilio } from './twilio.ts';

/** Where functions can be deployed to, by the name of the runtime. */
export const targets: Readonly<Record<string, Target>> = { twilio, lambda, openwhisk, 'code-engine': codeEngine };

/** Undefined where none has that name. */
export const targetNamed = (name = ''): Target | undefined =>
  Object.hasOwn(targets, name) ? targets[name] : undefined;
