import { pathToFileURL } from 'node:url';
import { type Plugin, transform } from 'esbuild';

/** The modules that hold the files of a page as texts. */
const FILES = /[\\/]web[\\/][^\\/]+[\\/]page-files\.ts$/;

/** Made smaller by what its name says that it is. */
async function smaller(name: string, text: string): Promise<string> {
  const loader = name.endsWith('Script') ? 'js' : name.endsWith('Style') ? 'css' : undefined;
  if (!loader) throw new Error(`${name} is neither a script nor a style`);
  const { code } = await transform(text, { loader, minify: true, target: 'es2022', legalComments: 'none' });
  return code.trimEnd();
}

/** Puts the texts themselves in place of the modules that read them from files. */
export const pageFiles: Plugin = {
  name: 'page files',
  setup({ onLoad }) {
    onLoad({ filter: FILES }, async ({ path }) => {
      const texts: Readonly<Record<string, string>> = await import(pathToFileURL(path).href);
      const lines = await Promise.all(
        Object.entries(texts).map(
          async ([name, text]) => `export const ${name} = ${JSON.stringify(await smaller(name, text))};`,
        ),
      );
      return { contents: lines.join('\n'), loader: 'js' };
    });
  },
};
