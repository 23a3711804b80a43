import type { AnyFunction } from '../../shared/core/function.ts';
import { notBuiltBecause } from '../build/bundle.ts';
import { settingsOf } from '../build/lambda-list.ts';
import { DeployError, missingFor, type Plan, settingFaults, type Target } from './plan.ts';

interface Looked {
  readonly fn: AnyFunction;
  /** Why it would not start there. */
  readonly why: readonly string[];
  /** Whether it only lacks something: a setting that is wrong is a mistake. */
  readonly onlyLacks: boolean;
  /** Its settings that somebody has given. */
  readonly given: readonly string[];
  /** Of a provider that was chosen for it something is missing: like `DESK=genesys`. */
  readonly lacksOf: string | undefined;
}

function look(fn: AnyFunction, { runtime, knows }: Target, env: Plan['env']): Looked {
  const notBuilt = notBuiltBecause(fn, runtime);
  if (notBuilt) return { fn, why: [notBuilt], onlyLacks: true, given: [], lacksOf: undefined };
  const given = settingsOf(fn).flatMap(({ name }) => (env[name] && !knows.includes(name) ? [name] : []));
  const why = settingFaults(fn, env, knows);
  const isChosen = (choice: string) => Object.entries(env).some((pair) => pair.join('=') === choice);
  const lacksOf = settingsOf(fn)
    .filter(({ name }) => why.some((fault) => fault.startsWith(`${name} is missing`)))
    .find(({ onlyIf }) => onlyIf !== undefined && isChosen(onlyIf))?.onlyIf;
  return { fn, why, onlyLacks: why.every((fault) => / is missing \(/.test(fault)), given, lacksOf };
}

/**
 * What of all functions is left out, because nobody has set it up, and what was meant to be deployed and cannot be: what is
 * given for it and for nothing else that can be deployed says so, and a provider that is chosen and of which it lacks something.
 */
function sortOut(looked: readonly Looked[]) {
  const taken = new Set(looked.flatMap(({ why, given }) => (why.length === 0 ? given : [])));
  const own = ({ given }: Looked) => given.filter((name) => !taken.has(name));
  const because = (each: Looked) => {
    if (own(each).length > 0) return `something is set that nothing else takes: ${own(each).join(' ')}`;
    return each.lacksOf && `it lacks something of ${each.lacksOf}`;
  };
  const lacking = looked.filter(({ why, onlyLacks }) => why.length > 0 && onlyLacks);
  return {
    leftOut: lacking.filter((each) => because(each) === undefined),
    meant: lacking.flatMap((each) => {
      const reason = because(each);
      return reason === undefined ? [] : [{ name: each.fn.name, reason }];
    }),
  };
}

/**
 * The functions of a plan that are deployed. Of all functions those that nobody has set up are left out, which is said; anything
 * else that keeps a function from starting throws a `DeployError`, which is also how one that was named ends. Only a dry run
 * goes on after it: where nothing is set up yet it shows all.
 */
export function deployable({ functions, apart, env, dryRun, say }: Plan, target: Target): readonly AnyFunction[] {
  const looked = functions.map((fn) => look(fn, target, env));
  const isUntouched = !apart && looked.every(({ given }) => given.length === 0);
  // Somebody is in the wrong folder, and what can do without settings would take the place of what is there.
  if (isUntouched && !dryRun) throw new DeployError('nothing is deployed: no function has the settings that it needs');
  const { leftOut, meant } = apart || isUntouched ? { leftOut: [], meant: [] } : sortOut(looked);
  const gone = target.replacesAll ? ', and taken away if it is there from before' : '';
  for (const { fn, why } of leftOut)
    say([`- ${fn.name} is left out${gone}:`, ...why.map((line) => `    ${line}`)].join('\n'));
  const left = looked.filter((each) => !leftOut.includes(each));
  const faults = [...missingFor(target, env), ...new Set(left.flatMap(({ why }) => why))];
  for (const fault of faults) say(`! ${fault}`);
  for (const { name, reason } of meant) say(`  ${name} is not left out, for ${reason}`);
  if (faults.length > 0 && !dryRun) throw new DeployError('nothing was deployed: see above');
  return left.map(({ fn }) => fn);
}
