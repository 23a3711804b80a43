import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './build/bundle.ts';
import { readFunctions } from './build/functions.ts';
import { envExample } from './generate/env-example.ts';
import { withFunctionsTable } from './generate/functions-table.ts';
import { modelFile } from './generate/intents/model-file.ts';
import { problemsPage } from './generate/problems-page.ts';
import { connectToAgent } from './generate/watson/connect-to-agent.ts';
import { watsonExtension } from './generate/watson/extension.ts';
import { watsonSkill } from './generate/watson/skill.ts';
import { de, en } from './generate/watson/skill-words.ts';

/** Everything that is written from the declarations: path from the root, and text. */
export async function generated(): Promise<Readonly<Record<string, string>>> {
  const functions = (await readFunctions(join(root, 'functions'))).map(({ fn }) => fn);
  return {
    '.env.example': envExample(functions),
    'docs/problems.md': problemsPage(),
    'watson/extension.json': watsonExtension(functions),
    'watson/skill-claim-en.json': watsonSkill(en),
    'watson/skill-claim-de.json': watsonSkill(de),
    ...connectToAgent(),
    ...modelFile(),
    'README.md': withFunctionsTable(readFileSync(join(root, 'README.md'), 'utf8'), functions),
  };
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(await generated())) {
    writeFileSync(join(root, path), text);
    console.log(path);
  }
}
