interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface LockFile {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
}

/**
 * The oldest versions without a known hole: axios CVE-2025-58754, CVE-2026-25639 and CVE-2026-42038, qs CVE-2025-15284
 * and CVE-2026-2391, jws through jsonwebtoken. Read 2026-11-21.
 */
const floors: Readonly<Record<string, string>> = {
  axios: '1.15.1',
  qs: '6.14.2',
  jsonwebtoken: '9.0.3',
  jws: '4.0.1',
};

const numbers = (version: string) => version.split(/[.-]/).slice(0, 3).map(Number);

function isBelow(version: string, floor: string): boolean {
  const [a, b] = [numbers(version), numbers(floor)];
  const differing = [0, 1, 2].find((at) => a[at] !== b[at]);
  return differing !== undefined && (a[differing] ?? 0) < (b[differing] ?? 0);
}

/** Every dependency whose version is not one exact version. */
export function manifestFaults({ dependencies, devDependencies, optionalDependencies }: Manifest): readonly string[] {
  return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
    .map(([name, version]) => `${name} is ${version}`);
}

/** What must not stand in a lock file: hosts, entries without a hash, versions with a known hole. */
export function lockFaults({ packages }: LockFile): readonly string[] {
  const faults: string[] = [];
  for (const [path, { version = '', integrity, resolved, link }] of Object.entries(packages)) {
    if (path === '' || link) continue;
    if (resolved !== undefined) faults.push(`${path} names the host it came from`);
    if (integrity === undefined) faults.push(`${path} has no hash`);
    const floor = floors[path.replace(/^.*node_modules\//, '')];
    if (floor !== undefined && isBelow(version, floor)) faults.push(`${path} is ${version}, below ${floor}`);
  }
  return faults;
}
