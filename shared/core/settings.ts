import * as v from 'valibot';
import { latePattern } from './late-pattern.ts';

/** The platform's own settings: Twilio's `context`, else `process.env`. Never anything from a request. */
export type Env = Readonly<Record<string, string | undefined>>;

export interface SettingInfo {
  readonly name: string;
  /** What it is for, one sentence without a full stop. */
  readonly is: string;
  readonly secret: boolean;
  readonly optional: boolean;
  /** An example value for `.env.example`; never a real one. */
  readonly example: string;
  /** Set when it is asked for only if another setting has this value, like `DESK=webhook`. */
  readonly onlyIf: string | undefined;
}

/** Settings that belong together. `read` reports every fault and gives a value only when there is none. */
export interface SettingsGroup<T> {
  readonly infos: readonly SettingInfo[];
  /** Adds one fault per missing or malformed setting: its name and what it is for, never its value. */
  read(env: Env, faults: string[]): T;
}

export type SettingsOf<G> = G extends SettingsGroup<infer T> ? T : never;

interface SettingOptions {
  readonly is: string;
  readonly secret?: boolean;
  readonly example?: string;
}

interface Setting<T> {
  readonly options: SettingOptions;
  readonly schema: v.GenericSchema<string, T>;
  readonly fallback: { readonly value: T } | undefined;
}

/** A setting without which the function cannot start. */
export function required<T>(schema: v.GenericSchema<string, T>, options: SettingOptions): Setting<T> {
  return { options, schema, fallback: undefined };
}

/** A setting that may be missing; then it has this value. An empty text counts as missing. */
export function optional<T, const D>(
  schema: v.GenericSchema<string, T>,
  fallback: D,
  options: SettingOptions,
): Setting<T | D> {
  return { options, schema, fallback: { value: fallback } };
}

/** Reads the named settings one by one. */
export function settings<Shape extends Record<string, Setting<unknown>>>(
  shape: Shape,
): SettingsGroup<{ readonly [K in keyof Shape]: Shape[K] extends Setting<infer T> ? T : never }> {
  return {
    // Asked for by the generated pages and a setting that is missing only: a start need not make them.
    get infos() {
      return Object.entries(shape).map(([name, { options, fallback }]) => ({
        name,
        is: options.is,
        secret: options.secret ?? false,
        optional: fallback !== undefined,
        example: options.example ?? '',
        onlyIf: undefined,
      }));
    },
    read(env, faults) {
      const values: Record<string, unknown> = {};
      for (const [name, { options, schema, fallback }] of Object.entries(shape)) {
        const text = env[name];
        if (text === undefined || text === '') {
          if (fallback) values[name] = fallback.value;
          else faults.push(`${name} is missing (${options.is})`);
          continue;
        }
        const parsed = v.safeParse(schema, text);
        if (parsed.success) values[name] = parsed.output;
        else faults.push(`${name} is malformed (${options.is})`);
      }
      return values as never;
    },
  };
}

/** A group whose settings are read in another way: made into something, held against each other, or forgiven. */
export function readAs<T>(group: SettingsGroup<unknown>, read: SettingsGroup<T>['read']): SettingsGroup<T> {
  return {
    get infos() {
      return group.infos;
    },
    read,
  };
}

/** How much a setting is needed: most where it is needed always, least where one can do without. */
export const needOf = ({ optional, onlyIf }: SettingInfo): number =>
  (optional ? 0 : 2) + (onlyIf === undefined ? 1 : 0);

/** Settings without doubles: what one part cannot do without is needed, whatever another says. */
export function strictest(infos: readonly SettingInfo[]): readonly SettingInfo[] {
  const found = new Map<string, SettingInfo>();
  for (const info of infos) {
    const before = found.get(info.name);
    if (!before || needOf(info) >= needOf(before)) found.set(info.name, info);
  }
  return [...found.values()];
}

/** Several groups as one. A name that two groups share is read by both. */
export function together<A>(a: SettingsGroup<A>): SettingsGroup<A>;
export function together<A, B>(a: SettingsGroup<A>, b: SettingsGroup<B>): SettingsGroup<A & B>;
export function together<A, B, C>(
  a: SettingsGroup<A>,
  b: SettingsGroup<B>,
  c: SettingsGroup<C>,
): SettingsGroup<A & B & C>;
export function together<A, B, C, D>(
  a: SettingsGroup<A>,
  b: SettingsGroup<B>,
  c: SettingsGroup<C>,
  d: SettingsGroup<D>,
): SettingsGroup<A & B & C & D>;
export function together<A, B, C, D, E>(
  a: SettingsGroup<A>,
  b: SettingsGroup<B>,
  c: SettingsGroup<C>,
  d: SettingsGroup<D>,
  e: SettingsGroup<E>,
): SettingsGroup<A & B & C & D & E>;
export function together(...groups: readonly SettingsGroup<object>[]): SettingsGroup<object> {
  return {
    get infos() {
      return strictest(groups.flatMap((group) => group.infos));
    },
    read: (env, faults) => Object.assign({}, ...groups.map((group) => group.read(env, faults))),
  };
}

/** A choice between providers: the settings of one are asked for only when it is chosen. */
export function chosen<
  Name extends string,
  const Groups extends Record<string, SettingsGroup<object>>,
  D extends keyof Groups,
>(
  name: Name,
  groups: Groups,
  fallback: D | undefined,
  options: SettingOptions,
): SettingsGroup<{ [K in keyof Groups]: { readonly [N in Name]: K } & SettingsOf<Groups[K]> }[keyof Groups]> {
  const choices = Object.keys(groups);
  return {
    get infos() {
      return [
        {
          name,
          is: `${options.is}: ${choices.join(', ')}`,
          secret: false,
          optional: fallback !== undefined,
          example: options.example ?? '',
          onlyIf: undefined,
        },
        ...choices.flatMap((choice) =>
          (groups[choice]?.infos ?? []).map((info) => ({ ...info, onlyIf: `${name}=${choice}` })),
        ),
      ];
    },
    read(env, faults) {
      const choice = env[name] || fallback?.toString();
      if (choice === undefined || !Object.hasOwn(groups, choice)) {
        faults.push(
          `${name} is ${choice === undefined ? 'missing' : 'malformed'} (${options.is}: ${choices.join(', ')})`,
        );
        return {} as never;
      }
      return { ...groups[choice]?.read(env, faults), [name]: choice } as never;
    },
  };
}

const controls = latePattern(String.raw`\p{Cc}`);

/** Settings in the plainest form: one line of text, neither blank nor with control characters. */
export const text = (maxLength = 1_000) =>
  v.pipe(
    v.string(),
    v.check((given) => !controls().test(given)),
    v.regex(/\S/),
    v.maxLength(maxLength),
  );

/** A whole number in a range, both ends allowed. */
export const wholeNumber = (min: number, max: number) =>
  v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number), v.minValue(min), v.maxValue(max));

/** A whole number inside a JSON setting, both ends allowed; the default stands where it is left out. */
export const countOr = (fallback: number, min: number, max: number) =>
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max)), fallback);

/** Texts separated by spaces, at least one: a blank setting is a mistake, not an empty list. */
export const words = v.pipe(
  v.string(),
  v.regex(/\S/),
  v.transform((value): readonly string[] => value.split(/\s+/).filter((word) => word !== '')),
);

/** A JSON value, then checked. */
export const jsonOf = <T>(schema: v.GenericSchema<unknown, T>) => v.pipe(v.string(), v.parseJson(), schema);
