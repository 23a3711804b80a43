import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/**
 * Has the numbering plans of libphonenumber-js read when a number is, by `JSON.parse` from one text: an engine takes in a text
 * of 80 KB some milliseconds sooner than the same as a literal, and few calls of a function have a number to read.
 */
export const numberingPlans: Plugin = {
  name: 'numbering-plans',
  setup({ onLoad }) {
    onLoad({ filter: /libphonenumber-js[/\\]metadata\.min\.json\.js$/ }, ({ path }) => {
      const json = /export default (\{.*\})/s.exec(readFileSync(path, 'utf8'))?.[1];
      if (json === undefined || /`|\$\{/.test(json))
        throw new Error(`${path} does not export one literal without templates`);
      const plans = JSON.parse(json);
      const contents = [
        'let plans;',
        // Raw, for its patterns are full of backslashes, which a quoted text would have twice.
        `const read = () => (plans ??= JSON.parse(String.raw\`${JSON.stringify(plans)}\`));`,
        `export default { ${Object.keys(plans).map((name) => `get ${name}() { return read().${name}; }`)} };`,
      ];
      return { contents: contents.join('\n'), loader: 'js' };
    });
  },
};
