import { dirname, join, normalize } from 'node:path';

/** What a page may name. */
export interface Named {
  /** Files of the project, by path from the root. */
  readonly files: readonly string[];
  readonly settings: readonly string[];
  readonly scripts: readonly string[];
}

const PATH = /^(?:functions|shared|stage|scripts|tests|docs|platforms|studio|watson|web|\.ci)\/[\w./-]*$/;
const FILE = /^[\w-]*[\w.-]+\.(?:md|json|yml|ts|mjs|svg)$/;
const SETTING = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

const withoutBlocks = (page: string) => page.replace(/^```.*?^```/gms, '');

/** Targets of links to files of the project, from the root. */
function linksOf(file: string, page: string): readonly string[] {
  const targets = [...withoutBlocks(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  const own = targets.filter((target) => !/^(?:[a-z]+:|#)/.test(target));
  return own.map((target) => normalize(join(dirname(file), target.replace(/#.*$/, ''))));
}

const spansOf = (page: string) => [...withoutBlocks(page).matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);

/** What a page of Markdown names that is not there: files, settings, npm scripts. */
export function docFaults(file: string, page: string, { files, settings, scripts }: Named): readonly string[] {
  const isThere = (path: string) => {
    const bare = path.replace(/\/$/, '');
    return files.some((known) => known === bare || known.startsWith(`${bare}/`));
  };
  const spans = spansOf(page);
  const paths = [...linksOf(file, page), ...spans.filter((span) => PATH.test(span))];
  const names = spans.filter((span) => FILE.test(span) && !paths.includes(span));
  const commands = [...page.matchAll(/npm run ([a-z-]+)/g)].map(([, script = '']) => script);
  return [
    ...paths.filter((path) => !isThere(path)).map((path) => `there is no ${path}`),
    ...names
      .filter((name) => !files.some((known) => known === name || known.endsWith(`/${name}`)))
      .map((name) => `no file is called ${name}`),
    ...spans
      .filter((span) => SETTING.test(span) && !settings.includes(span))
      .map((name) => `no setting is called ${name}`),
    ...commands.filter((script) => !scripts.includes(script)).map((script) => `there is no npm run ${script}`),
  ];
}
